package dev.throughline.ingest;

/** A request comes to more than may be held, or kept, of one: it ends there, and nothing of it is kept. Carries nothing. */
final class RequestOverBound extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RequestOverBound() {
        super("over the bound", null, false, false);
    }
}
