package dev.throughline.storage;

/** The store, or one of its files, cannot be read or written now. Carries a stable code, never content. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String CORRUPT = "store_corrupt";

    private final String code;
    private final String place;

    public StoreUnavailableException(String code) {
        super(code);
        this.code = code;
        this.place = "";
    }

    public StoreUnavailableException(String code, Throwable cause) {
        super(code, cause);
        this.code = code;
        this.place = "";
    }

    private StoreUnavailableException(String code, String place) {
        super(code + ": " + place);
        this.code = code;
        this.place = place;
    }

    /** Damage at a place within a file, such as {@code block 1201}. */
    static StoreUnavailableException corrupt(String place) {
        return new StoreUnavailableException(CORRUPT, place);
    }

    public String code() {
        return code;
    }

    /** Where in the file, or empty. */
    String place() {
        return place;
    }

    boolean isDamage() {
        return code.equals(CORRUPT);
    }
}
