package dev.throughline.spool;

import java.util.Random;
import java.util.function.ObjLongConsumer;

/** Runs a property over seeds; {@code -Dseed=N} replays one. */
final class Seeds {
    private Seeds() {}

    static void each(int seeds, ObjLongConsumer<Random> property) {
        String only = System.getProperty("seed");
        long first = only == null ? 0 : Long.parseLong(only);
        long last = only == null ? seeds - 1 : first;
        for (long seed = first; seed <= last; seed++) {
            try {
                property.accept(new Random(seed * 0x9E3779B97F4A7C15L + 1), seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with -Dseed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
