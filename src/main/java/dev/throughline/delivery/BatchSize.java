package dev.throughline.delivery;

/** How much a lane reads at once, in proportion to its bounds: less when the destination is slow, more again when it is not. */
final class BatchSize {
    private static final int SHIFT_MAX = 8;

    private final DispatcherConfig config;
    private int shift;

    BatchSize(DispatcherConfig config) {
        this.config = config;
    }

    int bytes() {
        return Math.max(1, config.batchBytesMax() >> shift);
    }

    int records() {
        return Math.max(1, config.batchRecordsMax() >> shift);
    }

    void took(long nanos) {
        long target = config.exportTarget().toNanos();
        if (nanos > target && shift < SHIFT_MAX) {
            shift++;
        } else if (nanos < target / 4 && shift > 0) {
            shift--;
        }
    }
}
