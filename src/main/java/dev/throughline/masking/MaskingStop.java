package dev.throughline.masking;

/** Leaves a walk that must fail. Has no stack trace and no message of content. */
final class MaskingStop extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Outcome.Failure failure;

    MaskingStop(Outcome.Failure failure) {
        super(failure.code(), null, false, false);
        this.failure = failure;
    }

    Outcome.Failure failure() {
        return failure;
    }
}
