/**
 * Where records are kept to be found again: {@link dev.throughline.storage.RecordStore} and its embedded implementation on
 * SQLite.
 *
 * <p><b>Files.</b> One database a stream and received day (UTC): {@code <data>/store/<stream label>/2026-11-23.db}, write-ahead
 * log, {@code PRAGMA user_version} = {@link dev.throughline.storage.DayFile#SCHEMA_VERSION}. A newer version is refused; one of
 * version 1, which had no sums and no ledger, is read as it is, counts as unverified until the scrub has read it, and becomes one of
 * this version with its next write. Beside the streams' folders: {@code ledger}, {@code days}, {@code damaged}, {@code retention}, and {@code
 * repair} while one runs. Files are 0600 and folders 0700. Retention ({@link dev.throughline.storage.retention}) is deleting files.
 *
 * <p><b>Record files.</b> Table {@code blocks}: what one transaction wrote, cut into blocks of at most {@link
 * dev.throughline.storage.BlockCutter#BLOCK_BYTES_MAX} bytes. A block holds whole {@link
 * dev.throughline.telemetry.RecordFrame}s one behind the other ({@code frames}: an LZ4 block, or as they
 * are where that is not smaller; {@code raw_bytes} is their length), the sequence number of the first ({@code first};
 * the file's records are numbered from 1 in the order of arrival), how many there are, the span of their event times in
 * microseconds since the epoch, and a Bloom filter over the values that are searched for ({@code facets}), so that a search for a
 * rare value skips a block without reading its frames. Every frame has a CRC. Table {@code chunks}: the
 * index, sorted arrays of (key, record id, sequence number), see {@link dev.throughline.storage.KeyChunks}. Keys of up to {@link
 * dev.throughline.storage.StoreConfig#recentKeysMax} newest records are in memory only and are read again from the blocks at
 * start. So a record costs one copy into a large blob instead of a row and its index entries, and random correlation ids cost
 * what ordered ones cost.
 *
 * <p><b>Quarantine files.</b> Table {@code entries}: one row a record id, with first and last seen (milliseconds) and count.
 *
 * <p><b>Durability.</b> {@code synchronous=FULL}: a batch is one transaction a day file and is on disk when {@code write} returns.
 *
 * <p><b>Damage.</b> SQLite does not notice a flipped bit; a wrong page of its index makes it find nothing. So an answer proves
 * itself, at the price of a CRC over what is read anyway ({@link dev.throughline.storage.RowSums}):
 *
 * <ul>
 *   <li>Every row has a checksum over all its columns. A block that is looked up must hold the sequence number; a search checks that
 *       each block ends where the next one begins, down to record 1.
 *   <li>An index chunk names the key that it begins with and that of the next one. That a key is not there is read from the chunk
 *       that covers it, whatever SQLite's own pages say ({@link dev.throughline.storage.KeyChunks}).
 *   <li>{@link dev.throughline.storage.DayLedger}, apart from the files, knows how many records each day has: a log file that is
 *       damaged or deleted, which SQLite takes for one that ended earlier, and a file that is gone are missed.
 *   <li>A file says which stream and day it is of and has an id that the ledger has too ({@link dev.throughline.storage.FileIdentity}): another
 *       file in its place is damage like any other. {@link dev.throughline.storage.KnownDays} is a list of the days, so that one whose file and
 *       ledger entry are gone together is missed.
 *   <li>A quarantine file has ordinary indexes, which prove nothing. It is read whole before its first use in a process ({@link
 *       dev.throughline.storage.QuarantineVerification}), some hundred megabytes a second.
 *   <li>{@link dev.throughline.storage.StoreScrub} reads all of it again and again, slowly, and compares index and blocks as a whole
 *       ({@link dev.throughline.storage.DayVerification}). That finds what a read of one key cannot: pages of different age, and
 *       damage in files of version 1. Such a day is marked in the ledger.
 * </ul>
 *
 * <p>Checksums of SQLite's pages were not taken: its checksum extension is not in the driver, reading a file beside SQLite gives its
 * locks back when it is closed, and they would say nothing of the day that is written. An answer names each day that could not be
 * read, or not all of, or that is known to have lost records. A file that cannot be opened or written to is moved to {@code
 * damaged/<stream>/<day>.<n>} ({@link dev.throughline.storage.DamagedFiles}) by the next write to its day, which goes into a new
 * one; nothing there is deleted before the day's retention is over. {@link dev.throughline.storage.StoreRepair} makes one file of all
 * that can be read of a day.
 *
 * <p><b>Errors.</b> {@link dev.throughline.storage.WriteResult} for a write; {@link
 * dev.throughline.storage.StoreUnavailableException} where nothing can be read. Want of descriptors is {@code
 * store_no_descriptors}, is never taken for damage, and passes by itself.
 *
 * <p><b>Threads.</b> All methods of a store may be called by any thread. Writes to one stream exclude each other; reads use a
 * connection of their own and see what is committed. Open files, page caches and filters are bounded by {@link
 * dev.throughline.storage.StoreConfig}.
 */
@NullMarked
package dev.throughline.storage;

import org.jspecify.annotations.NullMarked;
