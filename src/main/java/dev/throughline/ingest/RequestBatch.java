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

    /** By stream ordinal. */
    private final MaskedRecords[] records = new MaskedRecords[Stream.count()];

    private long[] ids = new long[1024];
    private int idCount;

    RequestBatch() {
        Arrays.setAll(records, i -> new MaskedRecords());
    }

    MaskedRecords records(Stream stream) {
        return records[stream.ordinal()];
    }

    /** Says what a stream's records will come to at the most, about. */
    void expect(int bytesAbout) {
        for (MaskedRecords masked : records) {
            masked.expect(bytesAbout);
        }
    }

    /** Bytes of all records. */
    int bytes() {
        int bytes = 0;
        for (MaskedRecords masked : records) {
            bytes += masked.length();
        }
        return bytes;
    }

    /** The streams that have records. */
    Map<Stream, MaskedRecords> toAppend() {
        Map<Stream, MaskedRecords> filled = new EnumMap<>(Stream.class);
        for (int i = 0; i < records.length; i++) {
            if (!records[i].isEmpty()) {
                filled.put(Stream.ofOrdinal(i), records[i]);
            }
        }
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

    /** Takes out the records, but for those in quarantine, that are durable already; how many they were. */
    int dropKnown(RecentRecords recent) {
        if (!recent.containsAny(ids, idCount)) {
            return 0;
        }
        int known = 0;
        for (int i = 0; i < records.length; i++) {
            known += i == Stream.QUARANTINE.ordinal() ? 0 : records[i].removeIf(recent::contains);
        }
        return known;
    }

    /** Two entries a record: high and low half. */
    long[] ids() {
        return ids;
    }

    int idCount() {
        return idCount;
    }

    void reset() {
        for (MaskedRecords masked : records) {
            masked.reset(KEEP_BYTES);
        }
        idCount = 0;
        if (ids.length * Long.BYTES > KEEP_BYTES) {
            ids = new long[1024];
        }
    }
}
