package dev.throughline.ingest.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A position in one record on the protobuf wire, and the values that were passed: for a text or id where it stands, for a number its
 * bits. Nothing here fails: what is not as it should be does not match, and is then read the long way. Reused, not thread-safe.
 */
final class WireCursor {
    private static final int ITEMS_MAX = Probes.ITEMS_MAX;
    private static final int DEPTH_MAX = 16;
    private static final int ID_BYTES_MAX = 32;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    byte[] bytes = new byte[0];
    int at;
    /** Of the message that the cursor is in. */
    int end;

    private final int[] ends = new int[DEPTH_MAX];
    private int depth;
    private final int[] froms = new int[ITEMS_MAX];
    private final int[] tos = new int[ITEMS_MAX];
    private final long[] bits = new long[ITEMS_MAX];
    private int items;
    private int length;

    void begin(byte[] source, int from, int to) {
        length = to - from;
        bytes = source;
        at = from;
        end = to;
        depth = 0;
        items = 0;
    }

    /** Bytes of the whole record. */
    int length() {
        return length;
    }

    boolean isAtEnd() {
        return depth == 0 && at == end;
    }

    int from(int item) {
        return froms[item];
    }

    int to(int item) {
        return tos[item];
    }

    long bits(int item) {
        return bits[item];
    }

    /** Notes a value that stands in this range, and goes behind it. */
    boolean pass(int from, int to) {
        if (items < ITEMS_MAX) {
            froms[items] = from;
            tos[items] = to;
        }
        items++;
        at = to;
        return true;
    }

    private void number(long value, int from) {
        if (items < ITEMS_MAX) {
            bits[items] = value;
            froms[items] = from;
        }
        items++;
    }

    int items() {
        return items;
    }

    /** Reads a length before {@code limit}: where its content starts and, in the upper half, ends; -1 where it passes the limit. */
    long length(int from, int limit) {
        if (from >= limit) {
            return -1;
        }
        int position = from + 1;
        int length = bytes[from];
        if (length < 0) {
            if (position + 1 >= limit) {
                return -1;
            }
            int second = bytes[position++];
            length = (length & 0x7F) | ((second & 0x7F) << 7);
            if (second < 0) {
                if (position >= limit) {
                    return -1;
                }
                int third = bytes[position++];
                if (third < 0) {
                    return -1;
                }
                length |= third << 14;
            }
        }
        return limit - position < length ? -1 : ((long) (position + length) << 32) | position;
    }

    static int end(long length) {
        return (int) (length >>> 32);
    }

    /** Whether the label stands at {@code from}. */
    boolean isAt(byte[] label, int from) {
        int size = label.length;
        if (size < Long.BYTES || bytes.length - from < size) {
            return bytes.length - from >= size && Arrays.equals(label, 0, size, bytes, from, from + size);
        }
        int last = size - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            if ((long) LONGS.get(label, i) != (long) LONGS.get(bytes, from + i)) {
                return false;
            }
        }
        return (long) LONGS.get(label, last) == (long) LONGS.get(bytes, from + last);
    }

    boolean passLiteral(byte[] label) {
        if (end - at < label.length || !isAt(label, at)) {
            return false;
        }
        at += label.length;
        return true;
    }

    boolean enter(int from, int to) {
        if (depth == DEPTH_MAX) {
            return false;
        }
        ends[depth++] = end;
        at = from;
        end = to;
        return true;
    }

    boolean leave() {
        if (depth == 0 || at != end) {
            return false;
        }
        end = ends[--depth];
        return true;
    }

    /** Eight bytes that are not all zero, which some fields take for absent. */
    boolean eightBytes(int from) {
        if (end - from < Long.BYTES) {
            return false;
        }
        long value = (long) LONGS.get(bytes, from);
        if (value == 0) {
            return false;
        }
        number(value, from);
        at = from + Long.BYTES;
        return true;
    }

    boolean real(int from, int to) {
        if (to - from != Long.BYTES) {
            return false;
        }
        long value = (long) LONGS.get(bytes, from);
        if (!Double.isFinite(Double.longBitsToDouble(value))) {
            return false;
        }
        number(value, from);
        at = to;
        return true;
    }

    /** A varint that fills the range. */
    boolean integer(int from, int to) {
        if (from >= to || to - from > 10) {
            return false;
        }
        long value = 0;
        int last = to - 1;
        for (int i = from; i < last; i++) {
            if (bytes[i] >= 0) {
                return false;
            }
            value |= (bytes[i] & 0x7FL) << (7 * (i - from));
        }
        if (bytes[last] < 0) {
            return false;
        }
        number(value | ((long) bytes[last] << (7 * (last - from))), from);
        at = to;
        return true;
    }

    /** Whether an id has a byte that is not zero, and is not far longer than ids are. */
    boolean isGiven(int from, int to) {
        if (to - from > ID_BYTES_MAX) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "WireCursor[at " + at + ", " + items + " items]";
    }
}
