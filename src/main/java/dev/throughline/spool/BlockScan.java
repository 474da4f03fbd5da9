package dev.throughline.spool;

import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Finds block headers, and counts whole frames, in one segment file; in bounded memory. */
final class BlockScan {
    static final int WINDOW_BYTES = 64 << 10;

    private final Window window;
    private final CRC32C crc = new CRC32C();
    private final Stream stream;
    private int framesSeen;

    BlockScan(Stream stream, Window window) {
        this.window = window;
        this.stream = stream;
    }

    /** Forgets what was read of another file. */
    void reset() {
        window.clear();
        if (window.bytes.length > WINDOW_BYTES) {
            window.bytes = new byte[WINDOW_BYTES];
        }
    }

    boolean hasFileHeader(Disk.OpenFile file, long base) throws IOException {
        return window.ensure(file, 0, Layout.FILE_HEADER_BYTES, WINDOW_BYTES)
                && Layout.isFileHeader(window.bytes, 0, stream, base);
    }

    /** Whether there is a whole header, of whatever stream and segment. */
    boolean hasFileHeaderOfAnother(Disk.OpenFile file) throws IOException {
        return window.ensure(file, 0, Layout.FILE_HEADER_BYTES, WINDOW_BYTES)
                && Layout.isAnyFileHeader(window.bytes, 0);
    }

    /** The block whose header stands at {@code offset}, or null where none does. */
    Layout.@Nullable Block blockAt(Disk.OpenFile file, long offset, long limit) throws IOException {
        if (offset + Layout.BLOCK_HEADER_BYTES > limit
                || !window.ensure(file, offset, Layout.BLOCK_HEADER_BYTES, limit)) {
            return null;
        }
        int at = window.at(offset);
        return Layout.isBlock(window.bytes, at, stream, offset) ? Layout.block(window.bytes, at) : null;
    }

    /** The first block that begins at or behind {@code offset} and before {@code limit}, or null. */
    Layout.@Nullable Block nextBlock(Disk.OpenFile file, long offset, long limit) throws IOException {
        long last = limit - Layout.BLOCK_HEADER_BYTES;
        for (long from = offset; from <= last; ) {
            int count = (int) Math.min(WINDOW_BYTES, limit - from);
            if (!window.ensure(file, from, count, limit)) {
                return null;
            }
            int start = window.at(from);
            for (int at = start; at <= start + count - Layout.BLOCK_HEADER_BYTES; at++) {
                if (Layout.isBlock(window.bytes, at, stream, from + at - start)) {
                    return Layout.block(window.bytes, at);
                }
            }
            from += count - Layout.BLOCK_HEADER_BYTES + 1;
        }
        return null;
    }

    /** Where what is not zero ends in {@code [offset, limit)}; {@code offset} where all is. */
    long endOfContent(Disk.OpenFile file, long offset, long limit) throws IOException {
        long end = offset;
        for (long from = offset; from < limit; ) {
            int count = (int) Math.min(WINDOW_BYTES, limit - from);
            if (!window.ensure(file, from, count, limit)) {
                return limit;
            }
            int start = window.at(from);
            for (int at = start; at < start + count; at++) {
                if (window.bytes[at] != 0) {
                    end = from + at - start + 1;
                }
            }
            from += count;
        }
        return end;
    }

    /**
     * Where the first byte of the block's payload stands that is not part of a whole frame; its end if all are whole. {@link
     * #framesSeen} says how many were.
     */
    long firstDamage(Disk.OpenFile file, Layout.Block block, long limit) throws IOException {
        long end = Math.min(block.end(), limit);
        long offset = block.payloadStart();
        framesSeen = 0;
        while (end - offset >= RecordFrame.BYTES_MIN
                && window.ensure(file, offset, RecordFrame.BYTES_MIN, Math.min(end, offset + WINDOW_BYTES))) {
            int length = Layout.plausibleFrame(window.bytes, window.at(offset), end - offset);
            if (length < 0 || !window.ensure(file, offset, length, Math.min(end, offset + WINDOW_BYTES))) {
                break;
            }
            int at = window.at(offset);
            if (RecordFrame.lengthIfValid(window.bytes, at, at + length, crc) < 0) {
                break;
            }
            offset += length;
            framesSeen++;
        }
        return offset;
    }

    int framesSeen() {
        return framesSeen;
    }
}
