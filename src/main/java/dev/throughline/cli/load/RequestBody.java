package dev.throughline.cli.load;

import java.util.Arrays;

/**
 * One request, rendered once and sent as often as wanted: {@link #stamp} makes each sending distinct without rendering again.
 *
 * @param bytes not to be changed
 * @param correlationMarks where in the body the last two characters of a correlation id stand
 * @param spanMarks where the last two bytes of a span id stand, for spans in protobuf
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose, compared by nobody
public record RequestBody(WireForm form, byte[] bytes, int events, int[] correlationMarks, int[] spanMarks) {
    /** Sendings of one body that differ from each other. */
    public static final int STAMPS_MAX = 1 << 10;

    /** The pass that changes nothing: for records that are distinct already, and for sending a request again. */
    public static final int AS_RENDERED = -1;

    /** Changes a copy of the body that starts at {@code offset}, so that sending number {@code pass} repeats no record of another. */
    public void stamp(byte[] copy, int offset, int pass) {
        if (pass == AS_RENDERED) {
            return;
        }
        byte high = Ulids.character(pass >> 5);
        byte low = Ulids.character(pass);
        for (int mark : correlationMarks) {
            copy[offset + mark] = high;
            copy[offset + mark + 1] = low;
        }
        for (int mark : spanMarks) {
            copy[offset + mark] = (byte) (pass >> 8);
            copy[offset + mark + 1] = (byte) pass;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RequestBody body && Arrays.equals(bytes, body.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "RequestBody[" + form + ", " + events + " events, " + bytes.length + " bytes]";
    }
}
