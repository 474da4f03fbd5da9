package dev.throughline.spool;

import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.Stream;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request on its way to the disk; it borrows the records until its outcome is known. */
final class PendingAppend {
    private final @Nullable MaskedRecords[] parts = new MaskedRecords[Stream.count()];
    private final Consumer<AppendOutcome> then;
    private final long bytes;
    private final int records;
    private final int streams;

    PendingAppend(Map<Stream, MaskedRecords> request, Consumer<AppendOutcome> then) {
        this.then = then;
        long bytesInAll = 0;
        int recordsInAll = 0;
        int bits = 0;
        for (Map.Entry<Stream, MaskedRecords> entry : request.entrySet()) {
            MaskedRecords part = entry.getValue();
            if (!part.isEmpty()) {
                int ordinal = entry.getKey().ordinal();
                parts[ordinal] = part;
                bits |= 1 << ordinal;
                bytesInAll += Layout.BLOCK_HEADER_BYTES + part.length();
                recordsInAll += part.count();
            }
        }
        bytes = bytesInAll;
        records = recordsInAll;
        streams = bits;
    }

    @Nullable
    MaskedRecords part(Stream stream) {
        return parts[stream.ordinal()];
    }

    /** Bytes that it can take on disk in all streams. */
    long bytes() {
        return bytes;
    }

    long bytes(Stream stream) {
        MaskedRecords part = parts[stream.ordinal()];
        return part == null ? 0 : Layout.BLOCK_HEADER_BYTES + part.length();
    }

    int records() {
        return records;
    }

    /** Bit i: it has records for the stream with ordinal i. */
    int streams() {
        return streams;
    }

    Stream firstStream() {
        return Stream.ofOrdinal(Integer.numberOfTrailingZeros(streams));
    }

    void tell(AppendOutcome outcome) {
        then.accept(outcome);
    }
}
