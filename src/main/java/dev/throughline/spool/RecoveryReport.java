package dev.throughline.spool;

import dev.throughline.telemetry.Stream;
import java.util.List;

/**
 * What was found when the spool was opened.
 *
 * @param segments segment files kept
 * @param bytes their bytes
 * @param records records they should hold
 * @param tornBytes bytes of groups that were never acknowledged, cut off
 * @param damages the first of the places that are not as they were written
 * @param damagesInAll how many there are
 * @param cursorMoves cursors that pointed into nothing
 */
public record RecoveryReport(
        int segments,
        long bytes,
        long records,
        long tornBytes,
        List<Damage> damages,
        long damagesInAll,
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
        /** A commit mark or a damage ledger. Nothing is lost by it, but what is lost besides may be told wrongly. */
        BOOKKEEPING
    }

    /**
     * One place that is not as it was written.
     *
     * @param recordsLost the records that are lost by it to the exporter that is furthest behind
     */
    public record Damage(Stream stream, String file, Kind kind, long offset, long bytes, long recordsLost) {}

    /** A cursor that pointed into nothing, and where it stands now. */
    public record CursorMove(Stream stream, String exporter, SpoolPosition from, SpoolPosition to) {}

    /** Whether something that had been acknowledged may be lost. */
    public boolean isDamaged() {
        return damages.stream()
                .map(Damage::kind)
                .anyMatch(kind -> kind != Kind.TORN_TAIL && kind != Kind.INCOMPLETE_GROUP && kind != Kind.BOOKKEEPING);
    }
}
