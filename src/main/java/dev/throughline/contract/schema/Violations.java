package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a document breaks, up to a bound; the rest is counted. Holds no values: pointers are rendered when asked for, from the tape of
 * the last validation, which must not have been parsed anew. Holds the working memory of validation, so keep one a worker; not
 * thread-safe.
 */
public final class Violations {
    public static final int RECORDED_MAX = 16;

    private final Evaluation evaluation = new Evaluation(this);
    private final Rule[] rules;
    private final int[] nodes;
    private final @Nullable String[] members;
    private int count;
    private int dropped;
    private @Nullable JsonTape tape;
    private int root;
    private Set<String> declared = Set.of();

    public Violations() {
        this(RECORDED_MAX);
    }

    /** @param recordedMax violations kept of one document */
    public Violations(int recordedMax) {
        rules = new Rule[recordedMax];
        nodes = new int[recordedMax];
        members = new String[recordedMax];
    }

    /** Starts over for one document. */
    Evaluation begin(JsonTape document, int node, Set<String> declaredNames) {
        tape = document;
        root = node;
        declared = declaredNames;
        count = 0;
        dropped = 0;
        return evaluation;
    }

    void add(Rule rule, int node, @Nullable String member) {
        for (int i = 0; i < count; i++) {
            if (rules[i] == rule
                    && nodes[i] == node
                    && (member == null ? members[i] == null : member.equals(members[i]))) {
                return;
            }
        }
        if (count == rules.length) {
            dropped++;
            return;
        }
        rules[count] = rule;
        nodes[count] = node;
        members[count++] = member;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Violations that can be asked for. */
    public int count() {
        return count;
    }

    /** What the last validation has cost: schema applications, and comparisons beside them. */
    public int steps() {
        return Evaluation.STEPS_MAX - Math.max(0, evaluation.steps);
    }

    /** Violations beyond the bound. */
    public int dropped() {
        return dropped;
    }

    public Rule rule(int violation) {
        return rules[violation];
    }

    public String keyword(int violation) {
        return rules[violation].keyword();
    }

    public String code(int violation) {
        return rules[violation].code();
    }

    /** The tape node: of the value, of the key for {@code propertyNames}, of the object for a missing member. */
    public int node(int violation) {
        return nodes[violation];
    }

    /**
     * The JSON pointer from the validated node; for a missing member, that of the member. It holds member names as the sender chose
     * them: see {@link #safePointer(int)}.
     */
    public String pointer(int violation) {
        return tape == null ? "" : Pointers.of(tape, root, nodes[violation], members[violation], name -> true);
    }

    /** The same with {@code *} for each member name that the schema itself does not spell out: fit for answers and logs. */
    public String safePointer(int violation) {
        return tape == null ? "" : Pointers.of(tape, root, nodes[violation], members[violation], declared::contains);
    }

    @Override
    public String toString() {
        return "Violations[" + count + ", dropped " + dropped + "]";
    }
}
