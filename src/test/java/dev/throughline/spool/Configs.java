package dev.throughline.spool;

import dev.throughline.telemetry.Stream;
import java.util.Map;

/** Small bounds for tests. */
final class Configs {
    private Configs() {}

    static SpoolConfig small() {
        return segments(4_096);
    }

    static SpoolConfig segments(long segmentBytes) {
        return new SpoolConfig(segmentBytes, 1 << 20, 1 << 18, 0, 1, 1L << 30, Map.of(), 1 << 20, 0, 1, 5_000);
    }

    static SpoolConfig quotas(long total, long auditReserve, Map<Stream, Long> streams) {
        return new SpoolConfig(4_096, 1 << 20, 1 << 18, 0, 1, total, streams, auditReserve, 0, 1, 5_000);
    }

    static SpoolConfig diskFree(long bytes) {
        return new SpoolConfig(4_096, 1 << 20, 1 << 18, 0, 1, 1L << 30, Map.of(), 1 << 20, bytes, 1_000, 5_000);
    }

    static SpoolConfig pending(long bytes, long cursorIntervalMs) {
        return new SpoolConfig(4_096, bytes, 1 << 18, 0, cursorIntervalMs, 1L << 30, Map.of(), 1 << 20, 0, 1, 5_000);
    }
}
