package dev.throughline.storage;

import dev.throughline.telemetry.Stream;
import java.time.LocalDate;

/**
 * Something that is wrong with a day of a stream.
 *
 * @param code stable: {@code unreadable_file}, {@code damaged_block}, {@code damaged_index}, {@code damaged_entry}, {@code
 *     missing_file}, {@code lost_records}, {@code set_aside}, {@code not_set_aside}, {@code damaged_ledger}
 * @param place file, and where in it; never content
 */
public record Finding(Stream stream, LocalDate day, String code, String place) {
    /** {@code stream/day}, as answers name it. */
    public String name() {
        return stream.label() + "/" + day;
    }

    @Override
    public String toString() {
        return name() + ": " + code + ": " + place;
    }
}
