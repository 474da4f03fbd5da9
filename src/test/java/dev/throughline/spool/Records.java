package dev.throughline.spool;

import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Records that tell themselves apart by the low half of their id, and short ways to append and read them. */
final class Records {
    static final int BYTES_MAX = 1 << 20;
    private static final int[] NO_SLOTS = new int[2 * RecordFrame.SLOTS];

    static {
        Arrays.fill(NO_SLOTS, -1);
    }

    private Records() {}

    static void add(MaskedRecords records, long id, int padding) {
        byte[] payload =
                ("{\"n\":" + id + ",\"pad\":\"" + "x".repeat(padding) + "\"}").getBytes(StandardCharsets.US_ASCII);
        MaskedRecords.Stamp stamp = new MaskedRecords.Stamp(1_000_000 + id, 7);
        records.append(Signal.LOG, payload, payload.length, NO_SLOTS, stamp, ~id, id);
    }

    /** Ids {@code from} to {@code to - 1}. */
    static MaskedRecords of(long from, long to) {
        MaskedRecords records = new MaskedRecords();
        for (long id = from; id < to; id++) {
            add(records, id, (int) (id * 7 % 50));
        }
        return records;
    }

    static MaskedRecords padded(long id, int padding) {
        MaskedRecords records = new MaskedRecords();
        add(records, id, padding);
        return records;
    }

    static Map<Stream, MaskedRecords> request(Stream stream, MaskedRecords records) {
        return new EnumMap<>(Map.of(stream, records));
    }

    static Map<Stream, MaskedRecords> request(Stream a, MaskedRecords inA, Stream b, MaskedRecords inB) {
        return new EnumMap<>(Map.of(a, inA, b, inB));
    }

    static CompletableFuture<AppendOutcome> start(Spool spool, Map<Stream, MaskedRecords> request) {
        CompletableFuture<AppendOutcome> outcome = new CompletableFuture<>();
        spool.append(request, outcome::complete);
        return outcome;
    }

    static AppendOutcome append(Spool spool, Map<Stream, MaskedRecords> request) {
        return start(spool, request)
                .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    static AppendOutcome append(Spool spool, Stream stream, long from, long to) {
        return append(spool, request(stream, of(from, to)));
    }

    static List<Long> ids(RecordBatch batch) {
        List<Long> ids = new ArrayList<>();
        RecordFrame view = new RecordFrame();
        for (int i = 0; i < batch.count(); i++) {
            ids.add(batch.frame(i, view).idLow());
        }
        return ids;
    }

    /** Reads and acknowledges all there is. */
    static List<Long> drain(SpoolReader reader) {
        return drain(reader, BYTES_MAX);
    }

    static List<Long> drain(SpoolReader reader, int bytesMax) {
        List<Long> ids = new ArrayList<>();
        RecordBatch batch = reader.read(bytesMax, 1_000);
        while (batch != null) {
            ids.addAll(ids(batch));
            reader.acknowledge(batch);
            batch = reader.read(bytesMax, 1_000);
        }
        return ids;
    }

    /** All that is kept in the stream, read by a reader of its own; from then on all stays, held by a second cursor. */
    static List<Long> all(Spool spool, Stream stream) {
        spool.reader("hold", stream).close();
        String exporter = "all";
        try (SpoolReader reader = spool.reader(exporter, stream)) {
            return drain(reader);
        } finally {
            spool.retire(exporter);
        }
    }

    static List<Long> range(long from, long to) {
        List<Long> ids = new ArrayList<>();
        for (long id = from; id < to; id++) {
            ids.add(id);
        }
        return ids;
    }

    static boolean arrives(SpoolReader reader) {
        try {
            return reader.await(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
