package dev.throughline;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An answer to a caller's error (RFC 9457, {@code application/problem+json}): {@code type}, {@code title}, {@code status},
 * {@code detail}, {@code code} and, where parameters are wrong, {@code errors}. Never holds what the caller sent.
 *
 * @param status HTTP status
 * @param code stable, lower-case words joined by underscores; also the last part of {@code type}
 * @param title the same for every problem of this code
 * @param detail what the caller can do
 * @param errors every wrong parameter, none if it is not about parameters
 */
public record ProblemDetail(int status, String code, String title, String detail, List<InvalidParameter> errors) {
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String TYPE = "https://throughline.dev/problems/";

    /**
     * A parameter that is wrong.
     *
     * @param parameter its name
     * @param code stable
     */
    public record InvalidParameter(String parameter, String code) {}

    public ProblemDetail(int status, String code, String title, String detail) {
        this(status, code, title, detail, List.of());
    }

    /** The document in UTF-8. */
    public static byte[] json(int status, String code, String title, String detail) {
        return new ProblemDetail(status, code, title, detail).json();
    }

    /** The document in UTF-8. */
    public byte[] json() {
        StringBuilder out = new StringBuilder(256).append("{\"type\":");
        string(out, TYPE + code);
        string(out.append(",\"title\":"), title);
        out.append(",\"status\":").append(status);
        string(out.append(",\"detail\":"), detail);
        string(out.append(",\"code\":"), code);
        if (!errors.isEmpty()) {
            String separator = ",\"errors\":[";
            for (InvalidParameter error : errors) {
                string(out.append(separator).append("{\"parameter\":"), error.parameter());
                string(out.append(",\"code\":"), error.code());
                out.append('}');
                separator = ",";
            }
            out.append(']');
        }
        return out.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
