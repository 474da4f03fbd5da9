package dev.throughline.spool;

import java.nio.file.Path;

/** One segment file of a stream, as far as it is committed. */
final class Segment {
    final long base;
    final Path path;
    /** Bytes that are durable and may be read; grows with each commit. */
    volatile long committed;
    /** When its first group's first record was received, or 0 where none is kept yet. */
    volatile long firstReceivedMillis;
    /** Its file is deleted, or replaced by another of the same base. */
    volatile boolean removed;

    Segment(long base, Path path, long committed) {
        this.base = base;
        this.path = path;
        this.committed = committed;
    }

    boolean isEmpty() {
        return committed <= Layout.FILE_HEADER_BYTES;
    }

    String fileName() {
        return String.valueOf(path.getFileName());
    }
}
