package dev.throughline.telemetry;

/**
 * When a record that had to go a long way is worth learning, so that others like it need not: one of many, so that learning takes a small share of the time whatever is
 * sent; fewer, the more of them could not be learned. Not thread-safe.
 */
public final class LearningPace {
    /** Records decoded the long way between two that are learned. */
    private static final int PAUSE_MIN = 64;

    private static final int PAUSE_MAX = 1 << 16;
    private static final int LEARNED_MAX = 512;
    /** Memory of all that is known. */
    private static final int BYTES_MAX = 2 << 20;
    /** What is known is forgotten after so many records that were not, while there was no room. */
    private static final int MISSES_TO_FORGET = 1 << 20;

    private final int pauseMin;
    private final int pauseMax;
    private int pause;
    private int misses;
    private int learned;
    private long bytes;

    public LearningPace() {
        this(PAUSE_MIN, PAUSE_MAX);
    }

    /**
     * A pace.
     *
     * @param pauseMin records that are missed between two that are learned, while they can be learned
     * @param pauseMax the same, however many cannot be
     */
    public LearningPace(int pauseMin, int pauseMax) {
        this.pauseMin = pauseMin;
        this.pauseMax = pauseMax;
        this.pause = pauseMin;
    }

    /** Counts a miss: whether it is to be learned. Where it {@link #isToForget}, all that is known is to be forgotten before. */
    public boolean isDue(boolean full) {
        misses++;
        return misses >= (isToForget(full) ? MISSES_TO_FORGET : pause);
    }

    /** Whether there is no room for more. */
    public boolean isToForget(boolean full) {
        return full || learned >= LEARNED_MAX || bytes >= BYTES_MAX;
    }

    public void forgot() {
        learned = 0;
        bytes = 0;
    }

    /**
     * Notes whether the record could be learned.
     *
     * @param memory bytes, about, that are kept of it if it was
     */
    public void tried(boolean success, long memory) {
        misses = 0;
        learned += success ? 1 : 0;
        bytes += success ? memory : 0;
        pause = success ? pauseMin : Math.min(pauseMax, 2 * pause);
    }

    @Override
    public String toString() {
        return "LearningPace[" + learned + " learned in " + bytes + " bytes, one in " + pause + "]";
    }
}
