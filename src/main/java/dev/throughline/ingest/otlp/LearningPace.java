package dev.throughline.ingest.otlp;

/**
 * When a record that went the long way is worth learning: one of many, so that learning takes a small share of the time whatever is
 * sent; fewer, the more of them could not be learned. Not thread-safe.
 */
final class LearningPace {
    /** Records decoded the long way between two that are learned. */
    private static final int PAUSE_MIN = 64;

    private static final int PAUSE_MAX = 1 << 16;
    private static final int LEARNED_MAX = 512;
    /** What is known is forgotten after so many records that were not, while there was no room. */
    private static final int MISSES_TO_FORGET = 1 << 20;

    private final int pauseMin;
    private final int pauseMax;
    private int pause;
    private int misses;
    private int learned;

    LearningPace() {
        this(PAUSE_MIN, PAUSE_MAX);
    }

    LearningPace(int pauseMin, int pauseMax) {
        this.pauseMin = pauseMin;
        this.pauseMax = pauseMax;
        this.pause = pauseMin;
    }

    /** Counts a miss: whether it is to be learned. Where it {@link #isToForget}, all that is known is to be forgotten before. */
    boolean isDue(boolean full) {
        misses++;
        return misses >= (isToForget(full) ? MISSES_TO_FORGET : pause);
    }

    boolean isToForget(boolean full) {
        return full || learned >= LEARNED_MAX;
    }

    void forgot() {
        learned = 0;
    }

    void tried(boolean success) {
        misses = 0;
        learned += success ? 1 : 0;
        pause = success ? pauseMin : Math.min(pauseMax, 2 * pause);
    }

    @Override
    public String toString() {
        return "LearningPace[" + learned + " learned, one in " + pause + "]";
    }
}
