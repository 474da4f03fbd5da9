package dev.throughline.spool;

/** The spool cannot be opened or read: a stable code, and what an operator can do. Carries no content. */
public final class SpoolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Another process, or this one, has the directory open. */
    public static final String LOCKED = "spool_locked";
    /** A directory or file cannot be made, read or written. */
    public static final String UNUSABLE = "spool_unusable";

    /** Something stands in the spool under a name of its own files, and is a link, a directory, a device or shared with others. */
    public static final String FOREIGN_FILE = "spool_foreign_file";

    /** One of its files cannot be read. */
    public static final String UNREADABLE = "spool_file_unreadable";

    private final String code;

    SpoolException(String code, String message) {
        super(code + ": " + message);
        this.code = code;
    }

    SpoolException(String code, String message, Throwable cause) {
        super(code + ": " + message, cause);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
