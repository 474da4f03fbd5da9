package dev.throughline.contract.compat;

import dev.throughline.contract.compat.MemberRule.Asked;
import dev.throughline.contract.compat.Place.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Proves what a schema asks of an object's members and of their names: name by name, and class by class of all other names. */
record MemberProof(Prover prover, Goal goal) {
    /** Names tried as an example of a class. */
    private static final List<String> EXAMPLES = List.of("other", "extra", "x", "a", "b", "0", "Other", "x-1", "_");

    boolean holds() {
        boolean ok = true;
        for (MemberRule rule : goal.right().memberGoals) {
            ok &= holdsByName(rule) && holdsByClass(rule);
            if (!ok && goal.report() == null) {
                return false;
            }
        }
        Shape names = goal.right().objects.propertyNames();
        return (names == null || names.isTrivial() || holdsNames(names)) && ok;
    }

    /** All names that are spelled out on either side. */
    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        goal.facts().memberRules().forEach(rule -> names.addAll(rule.names().keySet()));
        goal.right().memberGoals.forEach(rule -> names.addAll(rule.names().keySet()));
        return names;
    }

    private boolean holdsByName(MemberRule rule) {
        boolean ok = true;
        for (String name : names()) {
            List<Asked> asked = ObjectProof.asserting(rule.of(name, prover.patterns));
            if (!asked.isEmpty() && goal.facts().mayHave(name)) {
                ok &= proves(asked, new Step.Member(name), goal.facts().member(name, prover.patterns), name);
            }
            if (!ok && goal.report() == null) {
                return false;
            }
        }
        return ok;
    }

    private boolean holdsByClass(MemberRule rule) {
        boolean asserts = rule.patterns().values().stream().anyMatch(shape -> !shape.isTrivial());
        if (!asserts && (rule.rest() == null || rule.rest().isTrivial())) {
            return true;
        }
        List<NameClass> classes = classes();
        if (classes == null) {
            return goal.fails("names", null, null);
        }
        boolean ok = true;
        for (NameClass each : classes) {
            List<Asked> asked = ObjectProof.asserting(rule.of(each));
            List<Shape> known = goal.facts().member(each);
            if (!asked.isEmpty() && known.stream().noneMatch(shape -> shape.never)) {
                ok &= proves(asked, new Step.Member(example(each)), known, null);
            }
        }
        return ok;
    }

    private boolean proves(List<Asked> asked, Step step, List<Shape> known, @Nullable String name) {
        boolean ok = true;
        for (Asked each : asked) {
            String where = goal.right().where + "/" + each.keyword();
            where += each.keyword().equals("properties") ? "/" + Place.token(name) : "";
            Place member = goal.place().within(step, known, each.keyword(), where);
            ok &= prover.proves(member, each.shape(), goal.report());
        }
        return ok;
    }

    // ---- names that are not spelled out

    private @Nullable List<NameClass> classes() {
        Set<String> patterns = new TreeSet<>();
        goal.facts()
                .memberRules()
                .forEach(rule -> patterns.addAll(rule.patterns().keySet()));
        goal.right().memberGoals.forEach(rule -> patterns.addAll(rule.patterns().keySet()));
        return prover.patterns.classes(patterns);
    }

    /** A name of the class that a member may have, or null. */
    private @Nullable String example(NameClass of) {
        List<String> candidates = new ArrayList<>(EXAMPLES);
        if (of.example() != null) {
            candidates.add(of.example());
        }
        Set<String> spelledOut = names();
        for (String each : candidates) {
            boolean meant = of.matched().stream().allMatch(pattern -> prover.patterns.matches(pattern, each))
                    && of.avoided().stream().noneMatch(pattern -> prover.patterns.matches(pattern, each));
            if (meant && !spelledOut.contains(each) && goal.facts().mayHave(each)) {
                return each;
            }
        }
        return null;
    }

    /** How many members there can be, by their names. */
    int namesMax() {
        List<NameClass> classes = classes();
        boolean closed = classes != null
                && classes.stream()
                        .allMatch(each -> goal.facts().member(each).stream().anyMatch(shape -> shape.never));
        return !closed
                ? Shape.UNBOUNDED
                : (int) names().stream().filter(this::mayBeThere).count();
    }

    private boolean mayBeThere(String name) {
        return goal.facts().mayHave(name)
                && goal.facts().member(name, prover.patterns).stream().noneMatch(shape -> shape.never);
    }

    // ---- propertyNames

    private boolean holdsNames(Shape wanted) {
        boolean ok = true;
        Set<String> spelledOut = names();
        spelledOut.addAll(goal.facts().required());
        for (String name : spelledOut) {
            if (mayBeThere(name)) {
                ok &= provesName(new Step.Name(name), List.of(prover.classes.only(name)), wanted);
            }
        }
        List<NameClass> classes = classes();
        if (classes == null) {
            return goal.fails("names", null, null);
        }
        for (NameClass each : classes) {
            if (goal.facts().member(each).stream().noneMatch(shape -> shape.never)) {
                ok &= provesName(new Step.Name(example(each)), known(each), wanted);
            }
        }
        return ok;
    }

    private List<Shape> known(NameClass names) {
        List<Shape> known = new ArrayList<>(goal.facts().names());
        names.matched().forEach(pattern -> known.add(prover.classes.matching(pattern, prover.patterns)));
        names.avoided()
                .forEach(pattern -> known.add(prover.classes.not(prover.classes.matching(pattern, prover.patterns))));
        return known;
    }

    private boolean provesName(Step step, List<Shape> known, Shape wanted) {
        Place name = goal.place().within(step, known, "propertyNames", goal.right().where + "/propertyNames");
        return prover.proves(name, wanted, Kind.STRING, goal.report());
    }
}
