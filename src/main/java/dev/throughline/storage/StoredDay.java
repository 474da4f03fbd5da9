package dev.throughline.storage;

import java.time.LocalDate;

/**
 * What is kept of a stream's records that were received on one day (UTC).
 *
 * @param records that were written, as far as is known
 * @param bytes size of its file
 */
public record StoredDay(LocalDate day, long records, long bytes) {}
