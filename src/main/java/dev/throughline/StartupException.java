package dev.throughline;

/**
 * Why the program cannot be started, for whoever starts it. It ends with exit code 2 and {@code throughline: code: what is wrong;
 * what to do} on standard error. The message names files, options and keys, never what stands in them.
 */
public final class StartupException extends RuntimeException {
    private final String code;

    /**
     * A reason not to start.
     *
     * @param code stable, lower-case words joined by underscores
     * @param message what is wrong; what to do
     */
    public StartupException(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
