package dev.throughline.contract;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * The correlation id: {@code corr_} and a ULID, 26 characters of Crockford's base 32 of which the first is 0–7. Only the shape
 * is ever checked, never the time inside. Thread-safe where the random source is.
 */
public final class CorrelationIds {
    /** Characters, and bytes, of a correlation id. */
    public static final int LENGTH = 31;

    private static final long TIME_MAX = (1L << 48) - 1;
    private static final byte[] PREFIX = "corr_".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".getBytes(StandardCharsets.US_ASCII);
    private static final boolean[] IS_CROCKFORD = new boolean[256];

    static {
        for (byte b : CROCKFORD) {
            IS_CROCKFORD[b] = true;
        }
    }

    private final InstantSource clock;
    private final RandomGenerator random;

    public CorrelationIds(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** A new id, in bytes. */
    public byte[] next() {
        return of(clock.millis(), random.nextLong(), random.nextLong());
    }

    /**
     * The id, in bytes, that always belongs to a record: a retry is given the one that its first copy was given.
     *
     * @param millis the record's own time, since the epoch; what does not fit into 48 bits is cut off
     * @param high forty bits of it are used, as of {@code low}; both must be as good as random
     */
    public static byte[] of(long millis, long high, long low) {
        byte[] id = new byte[LENGTH];
        System.arraycopy(PREFIX, 0, id, 0, PREFIX.length);
        long rest = millis & TIME_MAX;
        for (int i = 9; i >= 0; i--) {
            id[PREFIX.length + i] = CROCKFORD[(int) (rest & 31)];
            rest >>>= 5;
        }
        encode40(high, id, PREFIX.length + 10);
        encode40(low, id, PREFIX.length + 18);
        return id;
    }

    /**
     * The id that stands for another one, whose time it keeps.
     *
     * @param other a well-formed id, in bytes
     */
    public static byte[] derived(byte[] other, long high, long low) {
        byte[] id = other.clone();
        encode40(high, id, PREFIX.length + 10);
        encode40(low, id, PREFIX.length + 18);
        return id;
    }

    private static void encode40(long bits, byte[] target, int at) {
        long rest = bits;
        for (int i = 7; i >= 0; i--) {
            target[at + i] = CROCKFORD[(int) (rest & 31)];
            rest >>>= 5;
        }
    }

    /** Whether these bytes have the shape of a correlation id. */
    public static boolean isWellFormed(byte[] bytes, int from, int to) {
        if (to - from != LENGTH || bytes[from + 5] < '0' || bytes[from + 5] > '7') {
            return false;
        }
        for (int i = 0; i < PREFIX.length; i++) {
            if (bytes[from + i] != PREFIX[i]) {
                return false;
            }
        }
        for (int at = from + PREFIX.length; at < to; at++) {
            if (bytes[at] < 0 || !IS_CROCKFORD[bytes[at]]) {
                return false;
            }
        }
        return true;
    }

    /** Whether this text has the shape of a correlation id. */
    public static boolean isWellFormed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return isWellFormed(bytes, 0, bytes.length);
    }
}
