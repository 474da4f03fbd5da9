package dev.throughline.ingest;

/** There was no room for a large request beside another one in time: its sender comes back. Carries nothing. */
final class RequestMustWait extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RequestMustWait() {
        super("no room in time", null, false, false);
    }
}
