package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The parts of the compact form that are written alike from protobuf and from JSON. Reused, not thread-safe. */
final class CompactValues {
    static final byte[] NULL = ascii("null");
    static final byte[] TRUE = ascii("true");
    static final byte[] FALSE = ascii("false");
    private static final byte[] DOUBLE_FORM = ascii("{\"$double\":\"");
    private static final byte[] BYTES_FORM = ascii("{\"$bytes\":\"");
    private static final byte[] FORM_END = ascii("\"}");

    private final MemberNames names = new MemberNames();

    /** Forgets objects that an error left open. */
    void reset() {
        names.reset();
    }

    void openObject(JsonWriter out) {
        names.open();
        out.raw((byte) '{');
    }

    void closeObject(JsonWriter out) {
        names.close();
        out.raw((byte) '}');
    }

    /**
     * Writes a member's name and colon into the open object.
     *
     * @param dollarDoubled whether a leading {@code $} is doubled: inside values, not for attribute keys
     * @return false, and nothing is written, where the object has that name
     */
    boolean member(JsonWriter out, byte[] key, int from, int to, boolean dollarDoubled, int offset)
            throws OtlpSyntaxException {
        if (names.isFull()) {
            throw new OtlpSyntaxException(OtlpProblem.TOO_MANY_MEMBERS, offset);
        }
        int start = out.length();
        if (out.bytes()[start - 1] != '{') {
            out.raw((byte) ',');
        }
        int quote = out.length();
        out.string(key, from, to);
        if (dollarDoubled && from < to && key[from] == '$') {
            out.truncate(quote);
            byte[] doubled = new byte[to - from + 1];
            doubled[0] = '$';
            System.arraycopy(key, from, doubled, 1, to - from);
            out.string(doubled, 0, doubled.length);
        }
        if (!names.add(out, quote + 1, out.length() - 1)) {
            out.truncate(start);
            return false;
        }
        out.raw((byte) ':');
        return true;
    }

    /** An attribute's {@code double_value}. */
    static void attributeDouble(JsonWriter out, double value) {
        if (Double.isFinite(value)) {
            out.ascii(Double.toString(value));
        } else {
            out.raw(DOUBLE_FORM).ascii(Double.toString(value)).raw(FORM_END);
        }
    }

    /** A {@code double} field of a message. */
    static void fieldDouble(JsonWriter out, double value) {
        if (Double.isFinite(value)) {
            out.ascii(Double.toString(value));
        } else {
            out.raw((byte) '"').ascii(Double.toString(value)).raw((byte) '"');
        }
    }

    static void bytes(JsonWriter out, byte[] content) {
        out.raw(BYTES_FORM).raw(Base64.getEncoder().encode(content)).raw(FORM_END);
    }

    /** A 64-bit integer field: a decimal string. */
    static void decimal(JsonWriter out, long value, boolean unsigned) {
        out.raw((byte) '"');
        digits(out, value, unsigned);
        out.raw((byte) '"');
    }

    static void digits(JsonWriter out, long value, boolean unsigned) {
        if (unsigned && value < 0) {
            out.ascii(Long.toUnsignedString(value));
        } else {
            out.number(value);
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "CompactValues";
    }
}
