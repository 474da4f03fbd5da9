package dev.throughline.cli.torture;

import java.util.Arrays;
import java.util.BitSet;

/** What was found at one destination. One thread. */
final class Tally {
    /** No record id has been seen. */
    private static final long NONE = 0;

    private final String destination;
    private final Ledger ledger;
    private final BitSet found = new BitSet();
    private long[] recordIds = new long[1 << 10];
    private long duplicated;
    private long redelivered;
    private long foreign;

    Tally(String destination, Ledger ledger) {
        this.destination = destination;
        this.ledger = ledger;
    }

    /**
     * Counts one record that the destination holds.
     *
     * @param recordId empty where the destination shows none: then every further copy is a duplicate
     */
    void found(String correlationId, String recordId) {
        int number = ledger.numberOf(correlationId);
        if (number < 0) {
            foreign++;
            return;
        }
        long id = recordId.isEmpty() ? NONE : fold(recordId);
        if (!found.get(number)) {
            found.set(number);
            remember(number, id);
        } else if (id != NONE && recordIds[number] == id) {
            redelivered++;
        } else {
            duplicated++;
        }
    }

    TortureReport.Line line(BitSet acknowledged) {
        BitSet lost = (BitSet) acknowledged.clone();
        lost.andNot(found);
        BitSet inFlight = (BitSet) found.clone();
        inFlight.andNot(acknowledged);
        return new TortureReport.Line(
                destination,
                acknowledged.cardinality(),
                found.cardinality(),
                duplicated,
                lost.cardinality(),
                redelivered,
                inFlight.cardinality(),
                foreign);
    }

    private void remember(int number, long id) {
        if (number >= recordIds.length) {
            recordIds = Arrays.copyOf(recordIds, Math.max(2 * recordIds.length, number + 1));
        }
        recordIds[number] = id;
    }

    /** 64 of the id's bits (FNV-1a), enough to tell two ids of one record apart. */
    private static long fold(String recordId) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < recordId.length(); i++) {
            hash = (hash ^ recordId.charAt(i)) * 0x100000001B3L;
        }
        return hash == NONE ? 1 : hash;
    }
}
