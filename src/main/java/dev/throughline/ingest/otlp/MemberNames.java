package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonWriter;
import java.util.Arrays;

/**
 * The names written so far into the objects that are open, so that none is written twice. Objects are opened and closed like
 * brackets. Names are compared as written. Reused, not thread-safe.
 */
final class MemberNames {
    /** OTLP's SDKs stop at 128 attributes; the bound keeps the search for equal names short. */
    static final int MEMBERS_MAX = 2_048;

    private int[] hashes = new int[128];
    private int[] starts = new int[128];
    private int[] ends = new int[128];
    private int count;
    private int first;
    private long seen;

    private int[] outerFirst = new int[16];
    private long[] outerSeen = new long[16];
    private int depth;

    void reset() {
        count = 0;
        first = 0;
        seen = 0;
        depth = 0;
    }

    void open() {
        if (depth == outerFirst.length) {
            outerFirst = Arrays.copyOf(outerFirst, depth * 2);
            outerSeen = Arrays.copyOf(outerSeen, depth * 2);
        }
        outerFirst[depth] = first;
        outerSeen[depth++] = seen;
        first = count;
        seen = 0;
    }

    void close() {
        count = first;
        first = outerFirst[--depth];
        seen = outerSeen[depth];
    }

    boolean isFull() {
        return count - first >= MEMBERS_MAX;
    }

    /** Notes the name that stands in {@code out} between its quotes; false where the open object has it already. */
    boolean add(JsonWriter out, int from, int to) {
        int hash = JsonTape.hash(out.bytes(), from, to);
        long bit = 1L << (hash & 63);
        if ((seen & bit) != 0 && isKnown(out.bytes(), from, to, hash)) {
            return false;
        }
        seen |= bit;
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, count * 2);
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
        }
        hashes[count] = hash;
        starts[count] = from;
        ends[count++] = to;
        return true;
    }

    private boolean isKnown(byte[] bytes, int from, int to, int hash) {
        for (int i = first; i < count; i++) {
            if (hashes[i] == hash && Arrays.equals(bytes, starts[i], ends[i], bytes, from, to)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "MemberNames[" + (count - first) + "]";
    }
}
