package dev.throughline.contract.compat;

import dev.throughline.contract.compat.Finding.Counterexample;
import dev.throughline.contract.compat.Place.Step;
import dev.throughline.contract.schema.Violations;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is not covered, each with a counterexample where one is found. */
final class Report {
    private static final int FULL = 4 * SchemaCompatibility.FINDINGS_MAX;

    private final Direction direction;
    private final ShapeClasses classes;
    private final Witnesses witnesses;
    private final Trials trials;
    private final List<Finding> findings = new ArrayList<>();

    Report(Direction direction, ShapeClasses classes, Witnesses witnesses, Trials trials) {
        this.direction = direction;
        this.classes = classes;
        this.witnesses = witnesses;
        this.trials = trials;
    }

    /** Whether what fails in the same way elsewhere need not be told. */
    boolean isFull() {
        return findings.size() >= FULL;
    }

    int size() {
        return findings.size();
    }

    void takeBack(int size) {
        findings.subList(size, findings.size()).clear();
    }

    boolean hasWitnessSince(int size) {
        return findings.subList(size, findings.size()).stream().anyMatch(found -> found.counterexample() != null);
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /**
     * A keyword is not covered.
     *
     * @param known what is known instead, {@code wanted} what the keyword wants
     */
    void add(Goal goal, String keyword, @Nullable Object known, @Nullable Object wanted) {
        boolean nothing = keyword.equals("false");
        Place place = goal.place();
        String shown = nothing && !place.keyword().isEmpty() ? place.keyword() : keyword;
        String where = nothing && !place.where().isEmpty()
                ? place.where()
                : goal.right().where + (nothing ? "" : "/" + keyword);
        String code = Codes.of(shown, known == null, direction);
        String reason = nothing ? "" : Reasons.of(known, wanted, direction) + unnamed(place);
        put(goal, new Finding(place.pointer(), where, shown, code, reason, null), List.of());
    }

    /** Some of the few values that may be meant are refused. */
    void addRefused(Goal goal, List<Value> refused) {
        Value first = refused.getFirst();
        Shape right = goal.right();
        String keyword = "";
        String beneath = "";
        if (right.compiled != null) {
            trials.conforms(right.compiled, first.json());
            Violations broken = trials.violations();
            keyword = broken.keyword(0);
            beneath = broken.pointer(0);
        }
        if (keyword.equals("false") && beneath.isEmpty()) {
            add(goal, keyword, null, null);
            return;
        }
        String pointer = goal.place().pointer() + beneath;
        String where = Bounds.where(right, keyword, beneath);
        boolean listed = keyword.equals("enum") || keyword.equals("const");
        Object known = listed ? refused : beneath.isEmpty() ? Bounds.known(goal, keyword) : null;
        Object wanted = beneath.isEmpty() ? Bounds.wanted(right, keyword) : null;
        boolean bare =
                listed ? goal.facts().shapes().stream().allMatch(shape -> shape.literals == null) : known == null;
        String code = Codes.of(keyword, bare, direction);
        String reason = listed ? Reasons.refused(refused, direction) : Reasons.of(known, wanted, direction);
        reason += unnamed(goal.place());
        put(goal, new Finding(pointer, where, keyword, code, reason, null), refused);
    }

    /** A member that only one of the schemas names: of the other one, {@code additionalProperties} asks something of it, or nothing. */
    private String unnamed(Place place) {
        boolean named = !place.keyword().equals("properties")
                || !(place.step() instanceof Step.Member(String name))
                || place.parent() == null
                || new Facts(place.parent().left(), Kind.OBJECT, classes)
                        .memberRules().stream().anyMatch(rule -> rule.names().containsKey(name));
        boolean backward = direction == Direction.BACKWARD;
        return named ? "" : backward ? " (a member that was not named)" : " (a member that is not named any more)";
    }

    private void put(Goal goal, Finding finding, List<Value> tried) {
        if (findings.stream().anyMatch(other -> isSame(other, finding) && other.counterexample() != null)) {
            return;
        }
        Value witness = witnesses.find(goal, finding.keyword(), tried);
        if (witness != null) {
            findings.removeIf(other -> isSame(other, finding));
            findings.add(with(finding, witness.json()));
        } else if (findings.stream().noneMatch(other -> isSame(other, finding))) {
            findings.add(finding);
        }
    }

    /** The same but for the counterexample; of a type, whatever it was among other cases. */
    private static boolean isSame(Finding one, Finding other) {
        return one.code().equals(other.code())
                && one.instancePointer().equals(other.instancePointer())
                && one.schemaPointer().equals(other.schemaPointer())
                && (one.keyword().equals("type") || one.reason().equals(other.reason()));
    }

    private static Finding with(Finding finding, String json) {
        boolean isShort = json.length() <= SchemaCompatibility.COUNTEREXAMPLE_CHARACTERS_MAX;
        return new Finding(
                finding.instancePointer(),
                finding.schemaPointer(),
                finding.keyword(),
                finding.code(),
                finding.reason(),
                new Counterexample(isShort ? json : null, json.length()));
    }
}
