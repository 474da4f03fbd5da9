package dev.throughline.storage;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.RecordFrame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Which values the records of a block hold: a Bloom filter of (field, text), a power of two of bytes, four bits a value. And the
 * exact comparison behind it. Text is compared decoded, whatever escapes it was written with.
 */
public final class Facets {
    /** The fields that {@link RecordQuery#equal()} can name. */
    public static final List<Field> FIELDS = List.of(
            Field.TENANT_ID,
            Field.CONNECTOR,
            Field.ENTITY_TYPE,
            Field.ENTITY_ID,
            Field.ERROR_CODE,
            Field.LEVEL,
            Field.EVENT_NAME);

    private static final Field[] EACH = FIELDS.toArray(Field[]::new);
    private static final int BYTES_PER_RECORD = 2;
    private static final int BYTES_MIN = 8;

    private Facets() {}

    static byte[] empty(int records) {
        int bytes = Math.max(BYTES_MIN, records * BYTES_PER_RECORD);
        return new byte[Integer.highestOneBit(bytes * 2 - 1)];
    }

    static void add(byte[] facets, RecordFrame frame) {
        for (Field field : EACH) {
            if (frame.has(field)) {
                set(facets, hash(field, frame));
            }
        }
    }

    private static void set(byte[] facets, long hash) {
        int mask = facets.length * 8 - 1;
        for (int i = 0; i < 4; i++) {
            int bit = (int) (hash >>> (16 * i)) & mask;
            facets[bit >>> 3] |= (byte) (1 << (bit & 7));
        }
    }

    private static boolean contains(byte[] facets, long hash) {
        int mask = facets.length * 8 - 1;
        for (int i = 0; i < 4; i++) {
            int bit = (int) (hash >>> (16 * i)) & mask;
            if ((facets[bit >>> 3] & (1 << (bit & 7))) == 0) {
                return false;
            }
        }
        return true;
    }

    private static long hash(Field field, RecordFrame frame) {
        int from = frame.fieldOffset(field);
        int to = from + frame.fieldLength(field);
        byte[] bytes = frame.bytes();
        for (int at = from; at < to; at++) {
            if (bytes[at] == '\\') {
                return hash(field, frame.text(field));
            }
        }
        return RecordKeys.hash(bytes, from, to, 16 + field.ordinal());
    }

    private static long hash(Field field, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return RecordKeys.hash(utf8, 0, utf8.length, 16 + field.ordinal());
    }

    /** Whether a block with these facets may hold a record with all these values. */
    static boolean mayMatch(byte[] facets, Map<Field, String> equal) {
        for (Map.Entry<Field, String> condition : equal.entrySet()) {
            if (!contains(facets, hash(condition.getKey(), condition.getValue()))) {
                return false;
            }
        }
        return true;
    }

    static boolean matches(RecordFrame frame, Map<Field, String> equal) {
        for (Map.Entry<Field, String> condition : equal.entrySet()) {
            if (!frame.has(condition.getKey())
                    || !frame.text(condition.getKey()).equals(condition.getValue())) {
                return false;
            }
        }
        return true;
    }
}
