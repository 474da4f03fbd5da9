package dev.throughline.telemetry;

/** A text came to more than the bound of its {@link JsonWriter}. Carries nothing. */
public final class JsonTooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JsonTooLongException() {
        super("over the bound", null, false, false);
    }
}
