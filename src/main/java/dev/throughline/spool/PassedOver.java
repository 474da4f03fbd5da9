package dev.throughline.spool;

import dev.throughline.spool.RecoveryReport.Kind;

/**
 * One place of a segment that could not be read as it was written.
 *
 * @param from where it begins in the file
 * @param to where it ends; {@code from} where bytes that should follow are not there
 * @param lostFrom the first of the sequences that are missing for it
 * @param lostTo the end of them; {@code lostFrom} where none is
 */
record PassedOver(Segment segment, Kind kind, long from, long to, long lostFrom, long lostTo) {
    long records() {
        return lostTo - lostFrom;
    }

    PassedOver losing(long first, long end) {
        return new PassedOver(segment, kind, from, to, first, end);
    }
}
