/**
 * Where records are kept to be found again: {@link dev.throughline.storage.RecordStore} and its embedded implementation on
 * SQLite.
 *
 * <p><b>Files.</b> One database a stream and received day (UTC): {@code <data>/store/<stream label>/2026-11-23.db}, write-ahead
 * log, {@code PRAGMA user_version} = {@link dev.throughline.storage.DayFile#SCHEMA_VERSION}. A newer version is refused. Retention
 * is deleting files.
 *
 * <p><b>Record files.</b> Table {@code blocks}: what one transaction wrote, cut into blocks of at most {@link
 * dev.throughline.storage.BlockCutter#BLOCK_BYTES_MAX} bytes. A block holds whole {@link
 * dev.throughline.telemetry.RecordFrame}s one behind the other ({@code frames}: an LZ4 block, or as they
 * are where that is not smaller; {@code raw_bytes} is their length), the sequence number of the first ({@code first};
 * the file's records are numbered from 1 in the order of arrival), how many there are, the span of their event times in
 * microseconds since the epoch, and a Bloom filter over the values that are searched for ({@code facets}), so that a search for a
 * rare value skips a block without reading its frames. Every frame's CRC is checked when it is read. Table {@code chunks}: the
 * index, sorted arrays of (key, record id, sequence number), see {@link dev.throughline.storage.KeyChunks}. Keys of up to {@link
 * dev.throughline.storage.StoreConfig#recentKeysMax} newest records are in memory only and are read again from the blocks at
 * start. So a record costs one copy into a large blob instead of a row and its index entries, and random correlation ids cost
 * what ordered ones cost.
 *
 * <p><b>Quarantine files.</b> Table {@code entries}: one row a record id, with first and last seen (milliseconds) and count.
 *
 * <p><b>Durability.</b> {@code synchronous=FULL}: a batch is one transaction a day file and is on disk when {@code write} returns.
 *
 * <p><b>Errors.</b> {@link dev.throughline.storage.WriteResult} for a write; {@link
 * dev.throughline.storage.StoreUnavailableException} where nothing can be read. A damaged file among others is named in the
 * answer and skipped.
 *
 * <p><b>Threads.</b> All methods of a store may be called by any thread. Writes to one stream exclude each other; reads use a
 * connection of their own and see what is committed. Open files, page caches and filters are bounded by {@link
 * dev.throughline.storage.StoreConfig}.
 */
@NullMarked
package dev.throughline.storage;

import org.jspecify.annotations.NullMarked;
