package dev.throughline.ingest;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.PairMemory;
import dev.throughline.telemetry.ReceivedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Counts what a request's records lack, by connector and boundary, and tells it once a request. Belongs to one worker. */
final class MissingFields {
    private static final int REMEMBERED = 256;

    private final PairMemory<Gaps> memory;
    private final List<Gaps> ofRequest = new ArrayList<>();

    /** Takes counts. */
    @FunctionalInterface
    interface Sink {
        void missing(String connector, String boundary, int bit, long count);
    }

    private static final class Gaps {
        final String connector;
        final String boundary;
        final long[] counts = new long[Integer.SIZE];
        boolean open;

        Gaps(String connector, String boundary) {
            this.connector = connector;
            this.boundary = boundary;
        }
    }

    /** @param boundaryOf of an event's name */
    MissingFields(UnaryOperator<String> boundaryOf) {
        memory = new PairMemory<>(REMEMBERED, (connector, event) -> new Gaps(connector, boundaryOf.apply(event)));
    }

    /** @param bits what is missing, at least one */
    void add(ReceivedRecord record, int bits) {
        Gaps gaps = memory.get(record.tape(), record.node(Field.CONNECTOR), record.node(Field.EVENT_NAME));
        if (!gaps.open) {
            gaps.open = true;
            ofRequest.add(gaps);
        }
        for (int rest = bits; rest != 0; rest &= rest - 1) {
            gaps.counts[Integer.numberOfTrailingZeros(rest)]++;
        }
    }

    void drain(Sink sink) {
        for (Gaps gaps : ofRequest) {
            for (int bit = 0; bit < gaps.counts.length; bit++) {
                if (gaps.counts[bit] > 0) {
                    sink.missing(gaps.connector, gaps.boundary, bit, gaps.counts[bit]);
                    gaps.counts[bit] = 0;
                }
            }
            gaps.open = false;
        }
        ofRequest.clear();
    }
}
