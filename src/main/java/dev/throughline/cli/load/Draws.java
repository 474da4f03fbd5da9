package dev.throughline.cli.load;

import java.util.HexFormat;
import java.util.List;

/** A stream of seeded choices (SplitMix64); the same seed draws the same, in every release. Not thread-safe. */
public final class Draws {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final HexFormat HEX = HexFormat.of();

    private long state;

    public Draws(long seed) {
        state = mix(seed);
    }

    /** Draws that belong to one index of a seed, whatever was drawn for the others. */
    public static Draws at(long seed, long index) {
        return new Draws(seed ^ mix(index + GOLDEN_GAMMA));
    }

    public long bits() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** 0 … bound − 1. */
    public int below(int bound) {
        return (int) ((bits() >>> 33) % bound);
    }

    public int between(int least, int most) {
        return least + below(most - least + 1);
    }

    /** Whether an event of this share of all comes true. */
    public boolean chance(int perThousand) {
        return below(1000) < perThousand;
    }

    public <T> T one(List<T> of) {
        return of.get(below(of.size()));
    }

    public String digits(int count) {
        StringBuilder text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append((char) ('0' + below(10)));
        }
        return text.toString();
    }

    /** Sixteen lower-case hex digits, not all zero. */
    public String hex16() {
        long value = bits();
        return HEX.toHexDigits(value == 0 ? 1 : value);
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
