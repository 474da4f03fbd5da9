package dev.throughline.storage;

/** The store, or one of its files, cannot be read or written now. Carries a stable code, never content. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    public StoreUnavailableException(String code) {
        super(code);
        this.code = code;
    }

    public StoreUnavailableException(String code, Throwable cause) {
        super(code, cause);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
