package dev.throughline.storage;

import java.nio.ByteBuffer;
import java.util.Base64;

/** Positions as opaque text: a check over kind and conditions, then numbers. A cursor of another search is not accepted. */
final class Cursors {
    private Cursors() {}

    static String encode(Object conditions, long... position) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 8 * position.length);
        bytes.putInt(check(conditions, position));
        for (long number : position) {
            bytes.putLong(number);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    static long[] decode(String cursor, Object conditions, int count) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            throw new InvalidCursorException();
        }
        if (bytes.length != 4 + 8 * count) {
            throw new InvalidCursorException();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int check = buffer.getInt();
        long[] position = new long[count];
        for (int i = 0; i < count; i++) {
            position[i] = buffer.getLong();
        }
        if (check != check(conditions, position)) {
            throw new InvalidCursorException();
        }
        return position;
    }

    /** Against accidents, not against forgery: a forged position reads nothing that a search could not. */
    private static int check(Object conditions, long[] position) {
        long hash = RecordKeys.mix(conditions.toString().hashCode());
        for (long number : position) {
            hash = RecordKeys.mix(hash ^ number);
        }
        return (int) hash;
    }
}
