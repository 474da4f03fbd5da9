package dev.throughline.storage;

import dev.throughline.telemetry.Stream;
import java.util.List;

/**
 * What a stream keeps.
 *
 * @param records distinct records (quarantine: distinct entries)
 * @param bytes size of its files
 * @param days files
 * @param unreadable day files that could not be read and are not counted, as {@code stream/day}
 */
public record StreamCount(Stream stream, long records, long bytes, int days, List<String> unreadable) {}
