package dev.throughline.telemetry;

import java.util.Arrays;

/**
 * Checked frames of one stream that an exporter is given, in the order they were kept. The bytes are borrowed until the exporter
 * has answered. Not thread-safe.
 */
public final class RecordBatch {
    private final Stream stream;
    private final byte[] bytes;
    private int[] offsets = new int[64];
    private int count;

    public RecordBatch(Stream stream, byte[] bytes) {
        this.stream = stream;
        this.bytes = bytes;
    }

    public void add(int frameOffset) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
        }
        offsets[count++] = frameOffset;
    }

    public Stream stream() {
        return stream;
    }

    public int count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Moves {@code view} to the record at {@code index}. */
    public RecordFrame frame(int index, RecordFrame view) {
        return view.wrap(bytes, offsets[index]);
    }

    @Override
    public String toString() {
        return "RecordBatch[" + stream + ", " + count + " records]";
    }
}
