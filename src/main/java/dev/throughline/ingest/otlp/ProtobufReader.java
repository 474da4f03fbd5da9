package dev.throughline.ingest.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A position in protobuf bytes. Every read is given the end of the message it is in and fails rather than pass it. Reused, not
 * thread-safe.
 */
final class ProtobufReader {
    static final int VARINT = 0;
    static final int EIGHT_BYTES = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int FOUR_BYTES = 5;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[0];
    private int at;

    void wrap(byte[] source, int from) {
        bytes = source;
        at = from;
    }

    byte[] bytes() {
        return bytes;
    }

    int at() {
        return at;
    }

    void seek(int to) {
        at = to;
    }

    static int tag(int number, int wireType) {
        return number << 3 | wireType;
    }

    int tag(int limit) throws OtlpSyntaxException {
        int start = at;
        if (start < limit && bytes[start] > 7) {
            at = start + 1;
            return bytes[start];
        }
        long tag = varint(limit);
        if (tag < 8 || tag > 0xFFFF_FFFFL) {
            throw new OtlpSyntaxException(OtlpProblem.MALFORMED_TAG, start);
        }
        return (int) tag;
    }

    long varint(int limit) throws OtlpSyntaxException {
        int start = at;
        if (start < limit && bytes[start] >= 0) {
            at = start + 1;
            return bytes[start];
        }
        return longVarint(start, limit);
    }

    private long longVarint(int start, int limit) throws OtlpSyntaxException {
        long value = 0;
        int position = start;
        for (int shift = 0; shift < 70; shift += 7) {
            if (position >= limit) {
                throw new OtlpSyntaxException(OtlpProblem.TRUNCATED, position);
            }
            byte b = bytes[position++];
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                at = position;
                return value;
            }
        }
        throw new OtlpSyntaxException(OtlpProblem.MALFORMED_VARINT, start);
    }

    /** Reads a length and stays before what it counts; the result is where that ends. */
    int end(int limit) throws OtlpSyntaxException {
        int start = at;
        long length = varint(limit);
        if (length < 0 || length > limit - at) {
            throw new OtlpSyntaxException(OtlpProblem.TRUNCATED, start);
        }
        return at + (int) length;
    }

    long fixed64(int limit) throws OtlpSyntaxException {
        int start = at;
        advance(8, limit);
        return (long) LONGS.get(bytes, start);
    }

    int fixed32(int limit) throws OtlpSyntaxException {
        int start = at;
        advance(4, limit);
        return (int) INTS.get(bytes, start);
    }

    private void advance(int count, int limit) throws OtlpSyntaxException {
        if (limit - at < count) {
            throw new OtlpSyntaxException(OtlpProblem.TRUNCATED, at);
        }
        at += count;
    }

    /** Passes over the field whose tag was read. */
    void skip(int tag, int limit) throws OtlpSyntaxException {
        switch (tag & 7) {
            case VARINT -> varint(limit);
            case EIGHT_BYTES -> advance(8, limit);
            case LENGTH_DELIMITED -> at = end(limit);
            case FOUR_BYTES -> advance(4, limit);
            default -> throw new OtlpSyntaxException(OtlpProblem.MALFORMED_TAG, at);
        }
    }

    @Override
    public String toString() {
        return "ProtobufReader[at " + at + "]";
    }
}
