package dev.throughline.contract.compat;

import dev.throughline.contract.compat.MemberRule.Asked;
import dev.throughline.contract.compat.Value.Members;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Objects with what must be there, and of the rest this or that, all or one too many. */
record ObjectSamples(Sampler sampler, Facts facts, Set<Shape> hints) {
    /** Members of an object that is made. */
    private static final int MEMBERS_MAX = 300;

    private static final int NAMES_MAX = 200;
    private static final int VARIED_MAX = 8;
    private static final List<String> OTHER_NAMES = List.of("other", "a", "x1", "Other", "_", "é");

    Set<Value> make() {
        Members base = base();
        if (base == null) {
            return Set.of();
        }
        Set<Value> found = new LinkedHashSet<>();
        found.add(base);
        Members all = base;
        for (String name : names()) {
            List<Value> choices = choices(name).stream().limit(VARIED_MAX).toList();
            choices.forEach(choice -> found.add(base.with(name, choice)));
            if (!choices.isEmpty() && !all.members().containsKey(name)) {
                all = all.with(name, choices.getFirst());
            }
        }
        found.add(all);
        for (String name : all.members().keySet()) {
            if (all.members().size() <= 2 * VARIED_MAX) {
                found.add(all.without(name));
            }
        }
        for (Shape hint : hints) {
            found.add(filled(base, hint.objects.minProperties() - 1));
            found.add(filled(
                    base, hint.objects.maxProperties() == Shape.UNBOUNDED ? 0 : hint.objects.maxProperties() + 1));
        }
        return found;
    }

    /** With what is required only; null where a value for it is not found. */
    private @Nullable Members base() {
        Map<String, Value> members = new LinkedHashMap<>();
        for (String name : facts.required()) {
            List<Value> choices = choices(name);
            if (choices.isEmpty()) {
                return null;
            }
            members.put(name, choices.getFirst());
        }
        Members base = new Members(members);
        return members.size() < facts.propertiesMin() ? filled(base, facts.propertiesMin()) : base;
    }

    private Members filled(Members base, int size) {
        Members filled = base;
        for (String name : names()) {
            List<Value> choices = filled.members().size() >= size ? List.of() : choices(name);
            if (!choices.isEmpty() && !filled.members().containsKey(name)) {
                filled = filled.with(name, choices.getFirst());
            }
        }
        for (int i = 0; filled.members().size() < Math.min(size, MEMBERS_MAX) && i < MEMBERS_MAX; i++) {
            List<Value> choices = choices("x" + i);
            if (choices.isEmpty()) {
                break;
            }
            filled = filled.with("x" + i, choices.getFirst());
        }
        return filled;
    }

    /** The names that are spelled out on either side, and a few that are not. */
    private Set<String> names() {
        Set<String> names = new LinkedHashSet<>(facts.required());
        for (MemberRule rule : facts.memberRules()) {
            names.addAll(rule.names().keySet());
            patterned(rule, names);
        }
        for (Shape hint : hints) {
            names.addAll(hint.objects.required());
            names.addAll(hint.objects.dependentRequired().keySet());
            names.addAll(hint.objects.dependentSchemas().keySet());
            hint.objects.dependentRequired().values().forEach(names::addAll);
            for (MemberRule rule : hint.memberGoals) {
                names.addAll(rule.names().keySet());
                patterned(rule, names);
            }
            Shape named = hint.objects.propertyNames();
            if (named != null) {
                named(named, names);
            }
        }
        names.addAll(OTHER_NAMES);
        Set<String> few = new LinkedHashSet<>();
        names.stream().limit(NAMES_MAX).filter(facts::mayHave).forEach(few::add);
        return few;
    }

    private void patterned(MemberRule rule, Set<String> out) {
        List<NameClass> classes = sampler.patterns.classes(rule.patterns().keySet());
        if (classes != null) {
            classes.stream()
                    .map(NameClass::example)
                    .filter(java.util.Objects::nonNull)
                    .forEach(out::add);
        }
    }

    private void named(Shape names, Set<String> out) {
        for (Value name : sampler.values(facts.names(), names.closure(), Kind.STRING)) {
            if (name instanceof Value.Text(String text)) {
                out.add(text);
            }
        }
    }

    private List<Value> choices(String name) {
        Set<Shape> asked = new LinkedHashSet<>();
        for (Shape hint : hints) {
            for (MemberRule rule : hint.memberGoals) {
                rule.of(name, sampler.patterns).stream().map(Asked::shape).forEach(asked::add);
            }
        }
        return sampler.values(facts.member(name, sampler.patterns), Sampler.closure(asked));
    }
}
