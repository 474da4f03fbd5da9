package dev.throughline.storage;

import dev.throughline.storage.OpenFiles.Lease;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One page of a journey: stream by stream, day by day, in the order of arrival. */
final class JourneyRead {
    /** Distinct traces of a page whose records without correlation id are looked for. */
    private static final int TRACES_MAX = 32;

    private static final List<Stream> STREAMS =
            List.of(Stream.OPERATIONAL_LOGS, Stream.OPERATIONAL_SPANS, Stream.OPERATIONAL_METRICS, Stream.AUDIT);

    private final SqliteRecordStore store;
    private final JourneyQuery query;
    private final UnreadableFiles unreadable;
    private final List<StoredRecord> found = new ArrayList<>();
    private final List<QuarantinedRecord> quarantined = new ArrayList<>();
    private final Set<String> traces = new LinkedHashSet<>();
    private int recordsLimit;
    private long bytes;
    private long @Nullable [] next;

    JourneyRead(SqliteRecordStore store, JourneyQuery query) {
        this.store = store;
        this.query = query;
        this.recordsLimit = query.recordsMax();
        this.unreadable = new UnreadableFiles(store);
    }

    JourneyRecords run() {
        String cursor = query.cursor();
        long[] from =
                cursor == null ? new long[] {0, Long.MIN_VALUE, 0} : Cursors.decode(cursor, query.correlationId(), 3);
        byte[] id = query.correlationId().getBytes(StandardCharsets.UTF_8);
        long key = RecordKeys.correlation(id, 0, id.length);
        collect(key, frame -> frame.text(Field.CORRELATION_ID).equals(query.correlationId()), from);
        if (cursor == null) {
            quarantined(key, frame -> frame.text(Field.CORRELATION_ID).equals(query.correlationId()));
        }
        long[] continued = next;
        // What is joined has an allowance of its own, or a long journey would never show its spans.
        recordsLimit = found.size() + query.recordsMax();
        bytes = 0;
        for (String trace : List.copyOf(traces)) {
            joined(trace);
        }
        STREAMS.forEach(stream -> unreadable.noteIncomplete(stream, store.files(stream)));
        unreadable.noteIncomplete(Stream.QUARANTINE, store.quarantineFiles());
        return new JourneyRecords(
                List.copyOf(found),
                List.copyOf(quarantined),
                continued == null ? null : Cursors.encode(query.correlationId(), continued),
                next != null,
                unreadable.names());
    }

    private void joined(String trace) {
        byte[] text = trace.getBytes(StandardCharsets.UTF_8);
        long key = RecordKeys.trace(text, 0, text.length);
        Predicate<RecordFrame> withoutCorrelation = frame ->
                !frame.has(Field.CORRELATION_ID) && frame.text(Field.TRACE_ID).equals(trace);
        collect(key, withoutCorrelation, new long[] {0, Long.MIN_VALUE, 0});
        quarantined(key, withoutCorrelation);
    }

    private void collect(long key, Predicate<RecordFrame> belongs, long[] from) {
        for (int s = Math.clamp(from[0], 0, STREAMS.size()); s < STREAMS.size(); s++) {
            Stream stream = STREAMS.get(s);
            boolean resumed = s == from[0];
            for (long day : store.files(stream).days().reversed()) {
                if (isFull()) {
                    return;
                }
                if (!resumed || day >= from[1]) {
                    int after = resumed && day == from[1] ? (int) from[2] : 0;
                    int position = s;
                    unreadable.orNoted(stream, day, () -> collectDay(position, day, key, belongs, after));
                }
            }
        }
    }

    private boolean isFull() {
        return found.size() >= recordsLimit || bytes >= query.bytesMax();
    }

    private void collectDay(int position, long day, long key, Predicate<RecordFrame> belongs, int after)
            throws SQLException {
        Stream stream = STREAMS.get(position);
        try (Lease<DayFile> lease = store.files(stream).existing(day)) {
            if (lease == null) {
                return;
            }
            DayFile file = lease.file();
            noteDamage(stream, day, file.unreadable());
            int last = after;
            while (true) {
                int wanted = recordsLimit - found.size();
                int[] sequences = file.sequences(key, last, wanted);
                Frames.Read page = read(file, sequences);
                noteDamage(stream, day, page.damage());
                page.records().stream()
                        .filter(stored -> belongs.test(stored.frame()))
                        .forEach(this::add);
                last = page.consumed() == 0 ? last : sequences[page.consumed() - 1];
                if (isFull()) {
                    next = new long[] {position, day, last};
                    return;
                }
                if (sequences.length < wanted) {
                    return;
                }
            }
        }
    }

    private void noteDamage(Stream stream, long day, @Nullable StoreUnavailableException damage) {
        if (damage != null) {
            unreadable.note(stream, day, damage);
        }
    }

    private Frames.Read read(DayFile file, int[] sequences) throws SQLException {
        try (Readers.Reader reader = file.reader()) {
            return Frames.read(file, reader.connection(), sequences, (int) Math.max(1, query.bytesMax() - bytes));
        }
    }

    private void add(StoredRecord stored) {
        found.add(stored);
        bytes += stored.frame().length();
        if (traces.size() < TRACES_MAX && stored.frame().has(Field.TRACE_ID)) {
            traces.add(stored.frame().text(Field.TRACE_ID));
        }
    }

    private void quarantined(long key, Predicate<RecordFrame> belongs) {
        for (long day : store.quarantineFiles().days().reversed()) {
            unreadable.orNoted(Stream.QUARANTINE, day, () -> {
                try (Lease<QuarantineDay> lease = store.quarantineFiles().existing(day)) {
                    if (lease != null) {
                        noteDamage(Stream.QUARANTINE, day, store.verifiedDamage(lease));
                        lease
                                .file()
                                .byLookup(
                                        key,
                                        query.recordsMax(),
                                        damage -> unreadable.note(Stream.QUARANTINE, day, damage))
                                .stream()
                                .filter(entry -> belongs.test(entry.frame()))
                                .forEach(quarantined::add);
                    }
                }
            });
        }
    }
}
