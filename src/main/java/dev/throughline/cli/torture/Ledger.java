package dev.throughline.cli.torture;

import dev.throughline.cli.load.Event;
import dev.throughline.cli.load.ReferenceEvents;
import dev.throughline.cli.load.Ulids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;

/** Numbers the records of a run and remembers which were acknowledged. Thread-safe. */
final class Ledger {
    /** Bound of a run: a bit for each record here and at each destination. */
    static final int RECORDS_MAX = 50_000_000;

    private static final int AUDIT_EVERY = 5;

    private final ReferenceEvents events;
    private final long tag;
    private final BitSet acknowledged = new BitSet();
    private int next;
    private int acknowledgedCount;

    Ledger(long seed, Instant now) {
        this.events = new ReferenceEvents(seed, now, 1);
        this.tag = ((seed * 0x9E3779B97F4A7C15L) ^ now.toEpochMilli()) & 0xFF_FFFF_FFFFL;
    }

    /** Takes the next {@code count} numbers and returns the first, or -1 when the run is full. */
    synchronized int take(int count) {
        if (next > RECORDS_MAX - count) {
            return -1;
        }
        int first = next;
        next += count;
        return first;
    }

    synchronized void acknowledge(int first, int count) {
        acknowledged.set(first, first + count);
        acknowledgedCount += count;
    }

    synchronized int sent() {
        return next;
    }

    synchronized int acknowledgedCount() {
        return acknowledgedCount;
    }

    /** A copy of what is acknowledged so far. */
    synchronized BitSet acknowledged() {
        return (BitSet) acknowledged.clone();
    }

    /** The records of a request; every fifth is an audit record. */
    List<Event> events(int first, int count) {
        List<Event> request = new ArrayList<>(count);
        for (int number = first; number < first + count; number++) {
            request.add(event(number));
        }
        return request;
    }

    /** The number in a correlation id of this run, or -1 where it is of another or none. */
    int numberOf(String correlationId) {
        long number = Ulids.lowOf(correlationId);
        return number < 0 || number >= RECORDS_MAX || Ulids.highOf(correlationId) != tag ? -1 : (int) number;
    }

    private Event event(int number) {
        Event like = events.event(number);
        Event.Audit audit = number % AUDIT_EVERY == 0
                ? new Event.Audit(
                        "svc-order-sync",
                        "crm",
                        "order.update",
                        HexFormat.of().toHexDigits(number + 1L).repeat(4))
                : null;
        return new Event(
                like.timestampMillis(),
                like.origin(),
                Ulids.correlationId(like.timestampMillis(), tag, number),
                like.subject(),
                like.eventName(),
                like.outcome(),
                like.http(),
                like.message(),
                like.tags(),
                like.trace(),
                audit);
    }

    @Override
    public synchronized String toString() {
        return "Ledger[" + next + " sent, " + acknowledged.cardinality() + " acknowledged]";
    }
}
