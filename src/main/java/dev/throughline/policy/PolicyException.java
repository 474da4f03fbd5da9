package dev.throughline.policy;

/** A policy that cannot be used: a stable code, and where in the document. Never a stack trace to people. */
public final class PolicyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String place;

    public PolicyException(String code, String place, String detail) {
        super(place + ": " + code + ": " + detail);
        this.code = code;
        this.place = place;
    }

    public String code() {
        return code;
    }

    /** A JSON pointer into the document, or a file. */
    public String place() {
        return place;
    }
}
