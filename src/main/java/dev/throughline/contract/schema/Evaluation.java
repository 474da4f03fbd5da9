package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.RecentTexts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The working memory of one validation: where it stands, what it has marked, how much it may still do. Reused. */
final class Evaluation {
    /** Schema applications, and comparisons beside them. */
    static final int STEPS_MAX = 5_000_000;
    /** Nested schema applications: a stack of some 100 KB. */
    static final int DEPTH_MAX = 768;

    /** No children are to be marked. */
    static final int UNTRACKED = -1;

    private final Violations violations;
    /** Texts that passed their rules. */
    final RecentTexts passed = new RecentTexts();

    final Decimal left = new Decimal();
    final Decimal right = new Decimal();
    JsonTape tape = new JsonTape();
    /** Whether failures are recorded and evaluation goes on after them. */
    boolean collecting;

    int steps;
    int depth;
    private @Nullable Rule aborted;
    private int abortedAt;

    byte[] text = new byte[0];
    int textFrom;
    int textTo;
    private byte[] decoded = new byte[64];

    private long[] marks = new long[64];
    private int marksTop;
    private int[] members = new int[16];
    private int membersTop;
    private int[] scopes = new int[16];
    private int scopesTop;

    Evaluation(Violations violations) {
        this.violations = violations;
    }

    void reset(JsonTape document, boolean collect) {
        tape = document;
        collecting = collect;
        steps = STEPS_MAX;
        depth = 0;
        aborted = null;
        marksTop = 0;
        membersTop = 0;
        scopesTop = 0;
    }

    /** Records a failure where that is wanted. Always false. */
    boolean fail(int node, Rule rule) {
        if (collecting) {
            violations.add(rule, node, null);
        }
        return false;
    }

    boolean failMember(int node, Rule rule, String member) {
        if (collecting) {
            violations.add(rule, node, member);
        }
        return false;
    }

    /** Gives the whole document up: nothing around the place can make it conform. Always false. */
    boolean abort(int node, Rule rule) {
        if (aborted == null) {
            aborted = rule;
            abortedAt = node;
        }
        steps = 0;
        return false;
    }

    boolean isAborted() {
        return aborted != null;
    }

    void recordAbort() {
        if (aborted != null) {
            violations.add(aborted, abortedAt, null);
        }
    }

    /** Whether there is budget for some comparisons. */
    boolean spend(int node, int comparisons) {
        steps -= comparisons;
        return steps >= 0 || abort(node, Rule.EVALUATION_BUDGET);
    }

    boolean isInteger(int number) {
        return tape.isIntegerLiteral(number)
                || left.read(tape.bytes(), tape.start(number), tape.end(number)).isInteger();
    }

    // ---- text

    /** Sets {@link #text} to the text of a string or key: the tape's own bytes, or decoded ones. */
    void readText(int node) {
        if (tape.isEscaped(node)) {
            decode(tape.bytes(), tape.start(node), tape.end(node));
        } else {
            text = tape.bytes();
            textFrom = tape.start(node);
            textTo = tape.end(node);
        }
    }

    private void decode(byte[] source, int from, int to) {
        if (decoded.length < to - from) {
            decoded = new byte[Math.max(to - from, decoded.length * 2)];
        }
        text = decoded;
        textFrom = 0;
        textTo = Escapes.decode(source, from, to, decoded);
    }

    // ---- which children a schema has evaluated

    private static int words(int children) {
        return (children + 63) >> 6;
    }

    /** A fresh set of marks over a container's children, to be closed in turn. */
    int open(int container) {
        int words = words(tape.childCount(container));
        if (marksTop + words > marks.length) {
            marks = Arrays.copyOf(marks, Math.max(marks.length * 2, marksTop + words));
        }
        Arrays.fill(marks, marksTop, marksTop + words, 0);
        int track = marksTop;
        marksTop += words;
        return track;
    }

    /** Ends a set; what it holds is added to {@code into} if {@code kept}. */
    void close(int container, int track, int into, boolean kept) {
        int words = words(tape.childCount(container));
        if (kept && into != UNTRACKED) {
            for (int i = 0; i < words; i++) {
                marks[into + i] |= marks[track + i];
            }
        }
        marksTop = track;
    }

    void mark(int track, int child) {
        marks[track + (child >> 6)] |= 1L << child;
    }

    boolean isMarked(int track, int child) {
        return (marks[track + (child >> 6)] & 1L << child) != 0;
    }

    // ---- members that conditions ask for

    /** Room for the value nodes of some members, all absent; to be closed in turn. */
    int openMembers(int count) {
        if (membersTop + count > members.length) {
            members = Arrays.copyOf(members, Math.max(members.length * 2, membersTop + count));
        }
        Arrays.fill(members, membersTop, membersTop + count, -1);
        int base = membersTop;
        membersTop += count;
        return base;
    }

    void closeMembers(int base) {
        membersTop = base;
    }

    void setMember(int at, int value) {
        members[at] = value;
    }

    /** The value node, or -1 where the member is absent. */
    int member(int at) {
        return members[at];
    }

    // ---- dynamic scope

    /** Enters a schema resource; false where it is the one that is current. */
    boolean enter(int resource) {
        if (scopesTop > 0 && scopes[scopesTop - 1] == resource) {
            return false;
        }
        if (scopesTop == scopes.length) {
            scopes = Arrays.copyOf(scopes, scopesTop * 2);
        }
        scopes[scopesTop++] = resource;
        return true;
    }

    void leave() {
        scopesTop--;
    }

    /** The outermost resource entered that has a target, or the fallback. */
    CompiledSchema outermost(@Nullable CompiledSchema[] byResource, CompiledSchema fallback) {
        for (int i = 0; i < scopesTop; i++) {
            CompiledSchema target = scopes[i] < byResource.length ? byResource[scopes[i]] : null;
            if (target != null) {
                return target;
            }
        }
        return fallback;
    }
}
