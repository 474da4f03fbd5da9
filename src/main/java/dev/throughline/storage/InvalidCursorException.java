package dev.throughline.storage;

/** A cursor that this store has not given out. */
public final class InvalidCursorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidCursorException() {
        super("malformed_cursor");
    }
}
