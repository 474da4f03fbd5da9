package dev.throughline.spool;

import dev.throughline.telemetry.Stream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was found when the spool was opened.
 *
 * @param segments segment files kept
 * @param bytes their bytes
 * @param records records they should hold
 * @param tornBytes bytes of groups that were never acknowledged, cut off
 * @param damages the first of the places that are not as they were written
 * @param damagesInAll how many there are
 * @param damagesByKind the same by kind; kinds without are not there
 * @param cursorMoves cursors that pointed into nothing
 */
public record RecoveryReport(
        int segments,
        long bytes,
        long records,
        long tornBytes,
        List<Damage> damages,
        long damagesInAll,
        Map<Kind, Long> damagesByKind,
        List<CursorMove> cursorMoves) {
    /** {@link #damages} of more places than this are only counted. */
    public static final int DAMAGES_LISTED_MAX = 1_000;

    /** What is wrong with a place. */
    public enum Kind {
        /** A group that was being written when the process or machine stopped. It was never acknowledged, and is cut off. */
        TORN_TAIL,
        /** A group that is whole here but not in another of its streams. It was never acknowledged, and is cut off. */
        INCOMPLETE_GROUP,
        /** A segment's file header. Nothing is lost. */
        SEGMENT_HEADER,
        /** A block header. The reader looks for the frames behind it. */
        BLOCK_HEADER,
        /** A frame. The reader skips it. */
        FRAME,
        /** A segment is shorter than what was committed to it, or gone. */
        MISSING,
        /** A file that has a segment's name and is none, or another than its name says. It is moved to {@code damaged}. */
        NOT_A_SEGMENT,
        /**
         * A cursor that is not whole, is another's, or is gone. Nothing is lost by it: the exporter begins at the last place that is
         * known, or at the oldest record, and delivers again what it has delivered.
         */
        CURSOR,
        /** A commit mark or a damage ledger. Nothing is lost by it, but what is lost besides may be told wrongly. */
        BOOKKEEPING
    }

    /**
     * One place that is not as it was written.
     *
     * @param stream null where the file is none's alone
     * @param recordsLost the records that are lost by it to the exporter that is furthest behind
     */
    public record Damage(@Nullable Stream stream, String file, Kind kind, long offset, long bytes, long recordsLost) {}

    /** A cursor that pointed into nothing, and where it stands now. */
    public record CursorMove(Stream stream, String exporter, SpoolPosition from, SpoolPosition to) {}

    /** Whether something that had been acknowledged may be lost. */
    public boolean isDamaged() {
        return damagesByKind.keySet().stream().anyMatch(kind -> switch (kind) {
            case SEGMENT_HEADER, BLOCK_HEADER, FRAME, MISSING, NOT_A_SEGMENT -> true;
            case TORN_TAIL, INCOMPLETE_GROUP, CURSOR, BOOKKEEPING -> false;
        });
    }
}
