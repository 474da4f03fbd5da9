package dev.throughline.storage;

import dev.throughline.telemetry.Stream;

/**
 * What a stream keeps.
 *
 * @param records distinct records (quarantine: distinct entries)
 * @param bytes size of its files
 * @param days files
 */
public record StreamCount(Stream stream, long records, long bytes, int days) {}
