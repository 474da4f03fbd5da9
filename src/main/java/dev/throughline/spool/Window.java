package dev.throughline.spool;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The part of a file that is in memory: bytes {@code [from, from + length)} of it stand at {@link #bytes}[0 …]. Reads by way
 * of a small buffer of its own, so that the JDK keeps no copy of it for each thread.
 */
final class Window {
    private static final int TRANSFER_BYTES = 64 << 10;

    private final ByteBuffer transfer = ByteBuffer.allocateDirect(TRANSFER_BYTES);
    byte[] bytes;
    private long from;
    private int length;

    Window(int capacityBytes) {
        bytes = new byte[capacityBytes];
    }

    /** Forgets what is in memory. */
    void clear() {
        from = 0;
        length = 0;
    }

    int length() {
        return length;
    }

    /** Where in {@link #bytes} the file's byte at {@code offset} is. */
    int at(long offset) {
        return (int) (offset - from);
    }

    /** Whether the file's bytes {@code [offset, offset + count)} are in memory. */
    boolean holds(long offset, int count) {
        return offset >= from && offset + count <= from + length;
    }

    /** Reads {@code [offset, offset + count)}, or less where the file ends; the array grows, or is replaced, to fit. */
    void fill(Disk.OpenFile file, long offset, int count) throws IOException {
        clear();
        if (bytes.length < count) {
            bytes = new byte[count];
        }
        from = offset;
        while (length < count) {
            transfer.clear().limit(Math.min(TRANSFER_BYTES, count - length));
            int read = file.read(transfer, offset + length);
            if (read <= 0) {
                return;
            }
            transfer.flip().get(bytes, length, read);
            length += read;
        }
    }

    /** Makes {@code [offset, offset + count)} be in memory, reading ahead to {@code limit}; false where the file is shorter. */
    boolean ensure(Disk.OpenFile file, long offset, int count, long limit) throws IOException {
        if (!holds(offset, count)) {
            fill(file, offset, (int) Math.max(count, Math.min(bytes.length, limit - offset)));
        }
        return holds(offset, count);
    }
}
