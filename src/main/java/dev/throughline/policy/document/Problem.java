package dev.throughline.policy.document;

/**
 * One thing that is wrong with a policy.
 *
 * @param pointer RFC 6901, from the document's root; empty for a file as a whole
 * @param code stable, lower-case words joined by underscores
 * @param detail a sentence for people
 */
public record Problem(Place place, String pointer, String code, String detail) {
    /** {@code file:line:column: code: detail (at /pointer)}. */
    @Override
    public String toString() {
        return place + ": " + code + ": " + detail + (pointer.isEmpty() ? "" : " (at " + pointer + ")");
    }
}
