package dev.throughline.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The counts of one request. Belongs to the request; not thread-safe. */
final class Tally {
    private final int refusalsMax;
    private final int correlationIdsMax;
    private int received;
    private int accepted;
    private int duplicates;
    private int refused;
    private long refusedWeight;
    private int reported;
    private final List<Refusal> refusals = new ArrayList<>();
    private final Map<String, Integer> refusedByCode = new HashMap<>();
    private final List<GeneratedId> generated = new ArrayList<>();

    /** A correlation id that was made for the record at {@code index}. */
    record GeneratedId(int index, String correlationId) {}

    Tally(int refusalsMax, int correlationIdsMax) {
        this.refusalsMax = refusalsMax;
        this.correlationIdsMax = correlationIdsMax;
    }

    /** Starts over. */
    void clear() {
        received = 0;
        accepted = 0;
        duplicates = 0;
        refused = 0;
        refusedWeight = 0;
        reported = 0;
        refusals.clear();
        refusedByCode.clear();
        generated.clear();
    }

    /** Counts one more record and gives its index. */
    int next() {
        return received++;
    }

    void accept() {
        accepted++;
    }

    /** So many of the accepted ones are known: they are kept once. */
    void duplicates(int known) {
        duplicates += known;
    }

    /** @param weight what the protocol counts it as: a metric's data points, else 1 */
    void refuse(Refusal refusal, int weight) {
        refused++;
        refusedWeight += weight;
        refusedByCode.merge(refusal.code(), 1, Integer::sum);
        if (refusals.size() < refusalsMax) {
            refusals.add(refusal);
        }
    }

    /** Taken, but its owner should know what it lacks. */
    void report() {
        reported++;
    }

    void generated(int index, String correlationId) {
        if (generated.size() < correlationIdsMax) {
            generated.add(new GeneratedId(index, correlationId));
        }
    }

    int received() {
        return received;
    }

    /** Records of which it is settled what becomes of them. */
    int settled() {
        return accepted + refused;
    }

    int accepted() {
        return accepted;
    }

    int duplicates() {
        return duplicates;
    }

    int refused() {
        return refused;
    }

    long refusedWeight() {
        return refusedWeight;
    }

    int reported() {
        return reported;
    }

    boolean allRefused() {
        return received > 0 && refused == received;
    }

    List<Refusal> refusals() {
        return refusals;
    }

    Map<String, Integer> refusedByCode() {
        return refusedByCode;
    }

    List<GeneratedId> generated() {
        return generated;
    }
}
