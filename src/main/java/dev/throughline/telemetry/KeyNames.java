package dev.throughline.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Numbers for member names, the same in the whole process: a tape gives each key the number of its name, and whoever looks names up
 * then needs an array, not a hash table. The names of {@link Field}s come first: a field's number is its ordinal and one. Names are
 * never forgotten, so they are bounded: those that schemas and rules name have room of their own beside those that senders do.
 *
 * <p>A key without a number, 0, is one like any other and is looked up by its bytes. Thread-safe.
 */
public final class KeyNames {
    /** Numbers are less than this. */
    public static final int NUMBERS = 4096;
    /** A longer name gets no number. */
    static final int BYTES_MAX = 62;
    /** What senders' own names may take. */
    private static final int RECEIVED_MAX = 1024;

    private static final int TABLE_SIZE = 2 * NUMBERS;
    private static final byte[][] NAMES = new byte[NUMBERS][];
    private static final int[] TABLE = new int[TABLE_SIZE];
    private static int count = 1;
    private static int received;

    static {
        for (int i = 0; i < Field.count(); i++) {
            byte[] name = Field.ofOrdinal(i).utf8();
            add(name, 0, name.length, JsonTape.hash(name, 0, name.length));
        }
    }

    private KeyNames() {}

    /** The number of a name that a schema or a rule names; 0 where there is no room, or it is not plain. */
    public static int declare(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return number(utf8, 0, utf8.length, false);
    }

    /** The number of a name as a sender wrote it, without escapes; 0 where it gets none. */
    static int received(byte[] source, int from, int to) {
        return number(source, from, to, true);
    }

    private static synchronized int number(byte[] source, int from, int to, boolean fromSender) {
        if (to - from > BYTES_MAX || to == from) {
            return 0;
        }
        int hash = JsonTape.hash(source, from, to);
        int at = hash & (TABLE_SIZE - 1);
        while (TABLE[at] != 0) {
            byte[] name = NAMES[TABLE[at]];
            if (Arrays.equals(name, 0, name.length, source, from, to)) {
                return TABLE[at];
            }
            at = (at + 1) & (TABLE_SIZE - 1);
        }
        if (count == NUMBERS || (fromSender && received == RECEIVED_MAX)) {
            return 0;
        }
        received += fromSender ? 1 : 0;
        return add(source, from, to, hash);
    }

    /** Whether this is the name with that number, which the caller got from here. */
    static boolean is(int number, byte[] source, int from, int to) {
        byte[] name = NAMES[number];
        return Arrays.equals(name, 0, name.length, source, from, to);
    }

    private static int add(byte[] source, int from, int to, int hash) {
        int at = hash & (TABLE_SIZE - 1);
        while (TABLE[at] != 0) {
            at = (at + 1) & (TABLE_SIZE - 1);
        }
        NAMES[count] = Arrays.copyOfRange(source, from, to);
        TABLE[at] = count;
        return count++;
    }
}
