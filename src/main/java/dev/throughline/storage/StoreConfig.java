package dev.throughline.storage;

import java.time.Duration;

/**
 * Bounds of the embedded store.
 *
 * @param openFilesMax day files held open, a stream
 * @param pageCacheKib SQLite's page cache, KiB a connection (two a file)
 * @param walBytesMax size at which the write-ahead log is copied into the file
 * @param recentKeysMax index entries held in memory, a file that is written
 * @param filterRecordsMax records a file up to which the duplicate filter grows (20 bits each)
 * @param midnightWindow how long after midnight a retry is recognised as one of the day before
 * @param scanBlocksMax blocks whose frames one search reads before it answers with what it has
 * @param fileBytesMax size of a day file; a write beyond it is answered like a full disk
 * @param retryAfter what a caller waits after a failed write
 */
public record StoreConfig(
        int openFilesMax,
        int pageCacheKib,
        int walBytesMax,
        int recentKeysMax,
        int filterRecordsMax,
        Duration midnightWindow,
        int scanBlocksMax,
        long fileBytesMax,
        Duration retryAfter) {
    public static final StoreConfig DEFAULT = new StoreConfig(
            6, 1_024, 8 << 20, 1 << 18, 1 << 23, Duration.ofHours(6), 4_096, 1L << 40, Duration.ofSeconds(2));
}
