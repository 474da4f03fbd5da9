package dev.throughline.telemetry.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The protobuf wire into a growing {@code byte[]}, front to back in one pass: a nested message gets one byte for its length and
 * is moved up where that does not do. Not thread-safe.
 */
final class ProtobufOutput {
    static final int VARINT = 0;
    static final int EIGHT_BYTES = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int FOUR_BYTES = 5;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[1024];
    private int length;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void truncate(int to) {
        length = to;
    }

    void reset(int keepBytes) {
        length = 0;
        if (bytes.length > keepBytes) {
            bytes = new byte[1024];
        }
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    void tag(int number, int wireType) {
        varint((long) number << 3 | wireType);
    }

    void varint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    void fixed64(long value) {
        ensure(8);
        LONGS.set(bytes, length, value);
        length += 8;
    }

    void fixed32(int value) {
        ensure(4);
        INTS.set(bytes, length, value);
        length += 4;
    }

    void raw(byte b) {
        ensure(1);
        bytes[length++] = b;
    }

    void bytesField(int number, byte[] source, int from, int to) {
        tag(number, LENGTH_DELIMITED);
        varint(to - from);
        ensure(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
    }

    /** Opens a length-delimited field; the result is for {@link #close}. */
    int open(int number) {
        tag(number, LENGTH_DELIMITED);
        ensure(1);
        return ++length;
    }

    void close(int content) {
        int size = length - content;
        int lengthBytes = 1;
        for (int rest = size >>> 7; rest != 0; rest >>>= 7) {
            lengthBytes++;
        }
        if (lengthBytes > 1) {
            ensure(lengthBytes);
            System.arraycopy(bytes, content, bytes, content + lengthBytes - 1, size);
        }
        length = content - 1;
        varint(size);
        length += size;
    }
}
