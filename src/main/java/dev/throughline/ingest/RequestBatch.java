package dev.throughline.ingest;

import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.Stream;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one request adds to the spool: masked records by stream, and the ids to remember once they are durable. Reused; between a
 * worker and the spool's answer it belongs to the request.
 */
final class RequestBatch {
    /** What a reused batch may keep of a larger request's memory. */
    private static final int KEEP_BYTES = 1 << 20;

    private final Map<Stream, MaskedRecords> records = new EnumMap<>(Stream.class);
    private long[] ids = new long[1024];
    private int idCount;

    RequestBatch() {
        for (Stream stream : Stream.values()) {
            records.put(stream, new MaskedRecords());
        }
    }

    MaskedRecords records(Stream stream) {
        return records.get(stream);
    }

    /** The streams that have records. */
    Map<Stream, MaskedRecords> toAppend() {
        Map<Stream, MaskedRecords> filled = new EnumMap<>(Stream.class);
        records.forEach((stream, masked) -> {
            if (!masked.isEmpty()) {
                filled.put(stream, masked);
            }
        });
        return filled;
    }

    void remember(long idHigh, long idLow) {
        if (2 * idCount == ids.length) {
            ids = Arrays.copyOf(ids, ids.length * 2);
        }
        ids[2 * idCount] = idHigh;
        ids[2 * idCount + 1] = idLow;
        idCount++;
    }

    /** Two entries a record: high and low half. */
    long[] ids() {
        return ids;
    }

    int idCount() {
        return idCount;
    }

    void reset() {
        records.values().forEach(masked -> masked.reset(KEEP_BYTES));
        idCount = 0;
        if (ids.length * Long.BYTES > KEEP_BYTES) {
            ids = new long[1024];
        }
    }
}
