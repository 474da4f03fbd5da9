package dev.throughline.contract.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.throughline.contract.compat.Budget.Exhausted;
import dev.throughline.contract.pattern.PatternException;
import dev.throughline.contract.pattern.TextAutomaton;
import dev.throughline.contract.pattern.TextAutomaton.Search;
import dev.throughline.contract.pattern.TextPattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The patterns of one comparison: each compiled once, each question asked once. */
final class Patterns {
    /** Classes of names that are told apart. */
    static final int NAME_CLASSES_MAX = 128;

    /** A bound on lengths that is beyond this is left out of a search. */
    private static final int COUNTED_LENGTH_MAX = 20_000;

    /** Searches that one costs which was given up. */
    private static final int GIVEN_UP_COST = 40;

    private final Budget budget;
    private final Map<String, TextPattern> compiled = new HashMap<>();
    private final Map<String, java.util.Optional<TextAutomaton>> automata = new HashMap<>();
    private final Map<Question, Search> answers = new HashMap<>();

    private record Question(Set<String> matched, Set<String> avoided, int lengthMin, int lengthMax) {}

    Patterns(Budget budget) {
        this.budget = budget;
    }

    boolean matches(String pattern, String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        int found = compiled.computeIfAbsent(pattern, Patterns::compile).search(utf8, 0, utf8.length);
        if (found == TextPattern.BUDGET_EXCEEDED) {
            throw new Exhausted();
        }
        return found == TextPattern.MATCH;
    }

    private static TextPattern compile(String pattern) {
        try {
            return TextPattern.compile(pattern);
        } catch (PatternException known) {
            throw new IllegalStateException("a pattern that was compiled before", known);
        }
    }

    private @Nullable TextAutomaton automaton(String pattern) {
        return automata.computeIfAbsent(pattern, source -> java.util.Optional.ofNullable(TextAutomaton.of(source)))
                .orElse(null);
    }

    /**
     * Looks for a text. {@link Search.Nothing} is certain; a text that is found may match what has no automaton.
     *
     * @param lengthMax in code points; the largest int is no bound
     */
    Search search(Collection<String> matched, Collection<String> avoided, int lengthMin, int lengthMax) {
        if (lengthMin > lengthMax) {
            return new Search.Nothing();
        }
        if (lengthMin > COUNTED_LENGTH_MAX) {
            return new Search.GivenUp();
        }
        int counted = lengthMax > COUNTED_LENGTH_MAX ? Integer.MAX_VALUE : lengthMax;
        Question question = new Question(new TreeSet<>(matched), new TreeSet<>(avoided), lengthMin, counted);
        Search known = answers.get(question);
        if (known != null) {
            return known;
        }
        budget.spendSearch();
        Search found = TextAutomaton.search(all(matched), all(avoided), lengthMin, counted);
        for (int i = 0; i < GIVEN_UP_COST && found instanceof Search.GivenUp; i++) {
            budget.spendSearch();
        }
        answers.put(question, found);
        return found;
    }

    private List<TextAutomaton> all(Collection<String> patterns) {
        List<TextAutomaton> found = new ArrayList<>();
        for (String pattern : patterns) {
            TextAutomaton automaton = automaton(pattern);
            if (automaton != null) {
                found.add(automaton);
            }
        }
        return found;
    }

    /** All classes of names by these patterns that may have a name, or null where they are too many. */
    @Nullable
    List<NameClass> classes(Set<String> patterns) {
        List<NameClass> classes = List.of(new NameClass(Set.of(), Set.of(), null));
        for (String pattern : patterns) {
            List<NameClass> finer = new ArrayList<>();
            for (NameClass each : classes) {
                add(with(each.matched(), pattern), each.avoided(), finer);
                add(each.matched(), with(each.avoided(), pattern), finer);
            }
            if (finer.size() > NAME_CLASSES_MAX) {
                return null;
            }
            classes = finer;
        }
        return classes;
    }

    private void add(Set<String> matched, Set<String> avoided, List<NameClass> out) {
        switch (search(matched, avoided, 0, Integer.MAX_VALUE)) {
            case Search.Nothing() -> {}
            case Search.Found(String text) -> out.add(new NameClass(matched, avoided, text));
            case Search.GivenUp() -> out.add(new NameClass(matched, avoided, null));
        }
    }

    private static Set<String> with(Set<String> patterns, String more) {
        Set<String> all = new TreeSet<>(patterns);
        all.add(more);
        return all;
    }
}
