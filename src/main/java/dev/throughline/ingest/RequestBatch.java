package dev.throughline.ingest;

import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one request adds to the spool: masked records by stream, and the ids to remember once they are durable. Reused; between a
 * worker and the spool's answer it belongs to the request.
 */
final class RequestBatch {
    /** What a reused batch may keep of a larger request's memory: its streams together, and as much for ids. */
    private static final int KEEP_BYTES = 1 << 20;

    /** Beyond so many bytes of quarantine entries, or a part of what the request may come to, only reasons are kept. */
    private static final int QUARANTINE_BYTES_WHOLE = 2 << 20;

    private static final int QUARANTINE_PART = 4;

    /** By stream ordinal. */
    private final MaskedRecords[] records = new MaskedRecords[Stream.count()];

    private long[] ids = new long[1024];
    private int idCount;
    private final RequestMemory memory;
    private long bytesMax = Long.MAX_VALUE;

    RequestBatch() {
        this(RequestMemory.unbounded());
    }

    RequestBatch(RequestMemory memory) {
        this.memory = memory;
        Arrays.setAll(records, i -> new MaskedRecords(memory::take));
    }

    RequestMemory memory() {
        return memory;
    }

    /** Sets what the records may come to. */
    void bound(long bytes) {
        bytesMax = bytes;
    }

    /**
     * Whether so many more records fit that have these bytes together.
     *
     * @throws RequestOverBound where they do not, or what there is is over the bound
     */
    void requireRoom(int more, long bytes) {
        if (bytes() + (long) more * RecordFrame.BYTES_MIN + bytes > bytesMax) {
            throw new RequestOverBound();
        }
    }

    MaskedRecords records(Stream stream) {
        return records[stream.ordinal()];
    }

    /** Whether a refused record of this length is kept in quarantine whole, and not only why it was refused. */
    boolean keepsWhole(int recordBytes) {
        long whole = (long) records(Stream.QUARANTINE).length() + recordBytes;
        return whole <= Math.min(QUARANTINE_BYTES_WHOLE, bytesMax / QUARANTINE_PART);
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
            memory.take((long) ids.length * Long.BYTES);
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
        int left = KEEP_BYTES;
        for (MaskedRecords masked : records) {
            masked.reset(left);
            left -= masked.capacity();
        }
        idCount = 0;
        bytesMax = Long.MAX_VALUE;
        memory.end();
        if (ids.length * Long.BYTES > KEEP_BYTES) {
            ids = new long[1024];
        }
    }
}
