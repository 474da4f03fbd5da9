package dev.throughline.policy;

import dev.throughline.policy.document.Problem;
import dev.throughline.policy.document.Problems;
import java.util.List;

/** A policy that cannot be used: everything that is wrong with it, each with its place. Never a stack trace to people. */
public final class PolicyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;
    private final int dropped;

    PolicyException(Problems problems) {
        super(message(problems), null, false, false);
        this.problems = problems.list();
        this.dropped = problems.dropped();
    }

    private static String message(Problems problems) {
        int more = problems.list().size() - 1 + problems.dropped();
        return problems.list().getFirst() + (more == 0 ? "" : "; and " + more + " more");
    }

    /** At least one. */
    public List<Problem> problems() {
        return problems;
    }

    /** Those beyond the bound of what is listed. */
    public int dropped() {
        return dropped;
    }

    /** Of the first. */
    public String code() {
        return problems.getFirst().code();
    }
}
