package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.Signal;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the records behind one resource and one scope, told by the bytes of these and of their schema URLs. A table without
 * removal, but for {@link #clear}. Not thread-safe.
 */
final class Envelopes<T> {
    static final int RESOURCE = 0;
    static final int RESOURCE_URL = 1;
    static final int SCOPE = 2;
    static final int SCOPE_URL = 3;

    private static final int PIECES = 4;
    private static final int ABSENT = -1;
    private static final int SLOTS = 512;
    private static final int ENVELOPES_MAX = 256;

    private final @Nullable Known<T>[] table;
    private int count;

    private Signal signal = Signal.LOG;
    private byte[] body = new byte[0];
    private final int[] from = new int[PIECES];
    private final int[] to = new int[PIECES];
    private int hash;

    /** The last one that was found. */
    private @Nullable Known<T> last;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Known<T>(Signal signal, int hash, byte[] @Nullable [] pieces, T value) {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    Envelopes() {
        table = new Known[SLOTS];
    }

    /** Starts the envelope of a body's next records; the pieces that it has follow. */
    void begin(Signal kind, byte[] source) {
        signal = kind;
        body = source;
        hash = kind.ordinal();
        Arrays.fill(to, ABSENT);
    }

    void piece(int piece, int start, int end) {
        from[piece] = start;
        to[piece] = end;
        hash = (hash * 31 + piece) * 31 + JsonTape.hash(body, start, end);
    }

    Signal signal() {
        return signal;
    }

    /** Bytes of the pieces that the envelope has. */
    int length() {
        int length = 0;
        for (int piece = 0; piece < PIECES; piece++) {
            length += to[piece] == ABSENT ? 0 : to[piece] - from[piece];
        }
        return length;
    }

    byte @Nullable [] piece(int piece) {
        return to[piece] == ABSENT ? null : Arrays.copyOfRange(body, from[piece], to[piece]);
    }

    /** What is known of the envelope that has begun. */
    @Nullable
    T find() {
        Known<T> recent = last;
        if (recent != null && isThis(recent)) {
            return recent.value;
        }
        for (int at = slot(); table[at] != null; at = (at + 1) % SLOTS) {
            Known<T> known = table[at];
            if (known != null && isThis(known)) {
                last = known;
                return known.value;
            }
        }
        return null;
    }

    boolean isFull() {
        return count == ENVELOPES_MAX;
    }

    /** The same, made where it is not there; only while it is not full. */
    T findOrAdd(Supplier<T> empty) {
        T found = find();
        if (found != null) {
            return found;
        }
        int at = slot();
        while (table[at] != null) {
            at = (at + 1) % SLOTS;
        }
        byte[] @Nullable [] pieces = new byte[PIECES] @Nullable [];
        for (int piece = 0; piece < PIECES; piece++) {
            pieces[piece] = piece(piece);
        }
        Known<T> added = new Known<>(signal, hash, pieces, empty.get());
        table[at] = added;
        last = added;
        count++;
        return added.value;
    }

    void clear() {
        Arrays.fill(table, null);
        last = null;
        count = 0;
    }

    private int slot() {
        return (hash ^ hash >>> 16) & (SLOTS - 1);
    }

    private boolean isThis(Known<T> known) {
        if (known.hash != hash || known.signal != signal) {
            return false;
        }
        for (int piece = 0; piece < PIECES; piece++) {
            byte[] bytes = known.pieces[piece];
            boolean same = (bytes == null || to[piece] == ABSENT)
                    ? (bytes == null && to[piece] == ABSENT)
                    : Arrays.equals(bytes, 0, bytes.length, body, from[piece], to[piece]);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "Envelopes[" + count + "]";
    }
}
