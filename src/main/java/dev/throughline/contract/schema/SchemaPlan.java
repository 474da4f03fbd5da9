package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import java.util.List;
import java.util.Set;

/**
 * What a schema asks of the texts and numbers of documents of one shape; all that follows from the shape was found when the plan was
 * made. A document that passes conforms; of one that does not, the schema itself says what is wrong. Immutable.
 */
public final class SchemaPlan {
    private final Set<String> declaredNames;
    private final int[] textNodes;
    private final StringRules[] texts;
    private final int[] numberNodes;
    private final NumberRules[] numbers;
    private final int[] literalNodes;
    private final Literals[] literals;
    private final int[] forbiddenNodes;
    private final Literals[] forbidden;
    private final Conditional[] conditions;

    /** A condition over members of one object, whose nodes are known. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Conditional(MemberCondition condition, int node, int[] members) {
        boolean holds(Evaluation run) {
            int base = run.openMembers(members.length);
            for (int i = 0; i < members.length; i++) {
                run.setMember(base + i, members[i]);
            }
            boolean ok = condition.holds(run, node, base);
            run.closeMembers(base);
            return ok;
        }
    }

    /** Rules of some kind, and the node that they are asked of. */
    record Asked<R>(int node, R rules) {}

    SchemaPlan(
            Set<String> declaredNames,
            List<Asked<StringRules>> texts,
            List<Asked<NumberRules>> numbers,
            List<Asked<Literals>> literals,
            List<Asked<Literals>> forbidden,
            List<Conditional> conditions) {
        this.declaredNames = declaredNames;
        this.textNodes = nodes(texts);
        this.texts = texts.stream().map(Asked::rules).toArray(StringRules[]::new);
        this.numberNodes = nodes(numbers);
        this.numbers = numbers.stream().map(Asked::rules).toArray(NumberRules[]::new);
        this.literalNodes = nodes(literals);
        this.literals = literals.stream().map(Asked::rules).toArray(Literals[]::new);
        this.forbiddenNodes = nodes(forbidden);
        this.forbidden = forbidden.stream().map(Asked::rules).toArray(Literals[]::new);
        this.conditions = conditions.toArray(new Conditional[0]);
    }

    private static int[] nodes(List<? extends Asked<?>> asked) {
        return asked.stream().mapToInt(Asked::node).toArray();
    }

    /** Whether the document on the tape, which has the plan's shape, conforms; nothing is recorded where it does not. */
    public boolean holds(JsonTape tape, Violations memory) {
        Evaluation run = memory.begin(tape, 0, declaredNames);
        run.reset(tape, false);
        for (int i = 0; i < texts.length; i++) {
            if (!texts[i].holds(run, textNodes[i])) {
                return false;
            }
        }
        for (int i = 0; i < numbers.length; i++) {
            if (!numbers[i].holds(run, numberNodes[i])) {
                return false;
            }
        }
        for (int i = 0; i < literals.length; i++) {
            if (!literals[i].contains(run, literalNodes[i])) {
                return false;
            }
        }
        for (int i = 0; i < forbidden.length; i++) {
            if (forbidden[i].contains(run, forbiddenNodes[i])) {
                return false;
            }
        }
        for (Conditional condition : conditions) {
            if (!condition.holds(run)) {
                return false;
            }
        }
        return !run.isAborted();
    }

    @Override
    public String toString() {
        return "SchemaPlan[" + texts.length + " texts, " + numbers.length + " numbers, " + literals.length
                + " literals, " + conditions.length + " conditions]";
    }
}
