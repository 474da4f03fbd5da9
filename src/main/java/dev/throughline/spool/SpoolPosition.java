package dev.throughline.spool;

import java.util.Comparator;

/**
 * A place between two records of one stream. Places compare in the order in which records were kept, over restarts and
 * damage too, so that a destination can store the place beside its records in one transaction and know what it has. {@link
 * #toString} and {@link #parse} are its durable form.
 *
 * @param segment base sequence of the segment file
 * @param block offset of the block that holds the next record, or {@code offset} where a block begins
 * @param offset offset of the next record's frame, or of the next block
 * @param sequence how many records were kept in the stream before this place, ever
 */
public record SpoolPosition(long segment, long block, long offset, long sequence) implements Comparable<SpoolPosition> {
    private static final Comparator<SpoolPosition> ORDER =
            Comparator.comparingLong(SpoolPosition::segment).thenComparingLong(SpoolPosition::offset);

    static SpoolPosition startOf(Segment segment) {
        return new SpoolPosition(segment.base, Layout.FILE_HEADER_BYTES, Layout.FILE_HEADER_BYTES, segment.base);
    }

    /**
     * Reads {@link #toString}'s form.
     *
     * @throws IllegalArgumentException where it is not of that form
     */
    public static SpoolPosition parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("a spool position has four numbers");
        }
        return new SpoolPosition(
                Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
    }

    @Override
    public int compareTo(SpoolPosition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return segment + ":" + block + ":" + offset + ":" + sequence;
    }
}
