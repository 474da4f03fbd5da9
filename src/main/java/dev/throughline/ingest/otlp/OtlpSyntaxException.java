package dev.throughline.ingest.otlp;

/** Carries a problem out of nested messages; it does not leave the package. Has no stack trace and no content. */
final class OtlpSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final OtlpProblem problem;
    private final int offset;

    OtlpSyntaxException(OtlpProblem problem, int offset) {
        super(problem.label() + " at byte " + offset, null, false, false);
        this.problem = problem;
        this.offset = offset;
    }

    OtlpProblem problem() {
        return problem;
    }

    /** In the body's array. */
    int offset() {
        return offset;
    }
}
