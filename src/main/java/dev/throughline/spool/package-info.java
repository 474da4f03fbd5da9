/**
 * The durable buffer: what a sender was told is kept survives the process and the machine, until every exporter has it.
 *
 * <p><b>Shapes.</b> {@link dev.throughline.spool.Spool} takes the masked records of one request for any number of streams and
 * answers with an {@link dev.throughline.spool.AppendOutcome}: all of them are durable in all streams, or none is kept. A {@link
 * dev.throughline.spool.SpoolReader} is one exporter's way through one stream; it gives {@link
 * dev.throughline.telemetry.RecordBatch}es and moves its cursor when they are acknowledged. {@link
 * dev.throughline.spool.SpoolStats} and {@link dev.throughline.spool.RecoveryReport} are what it says about itself.
 *
 * <p><b>Durability.</b> One thread gathers what waits, writes one block a stream, calls {@code fdatasync} once a stream, and only
 * then answers; what comes meanwhile is the next group. A group begins only when the one before is durable or taken back. So on
 * recovery all groups but the last are committed, and the last is if {@code commit.mark} says so or it is whole in all its
 * streams; else it is cut off in all of them: it was never answered. Cursors are written at most every {@code
 * cursor_interval_ms} and whenever a reader finds nothing new, and forced before a segment is deleted and at close: after a kill
 * the batches of that interval, after a power cut perhaps more, are delivered again. Destinations are idempotent by record id, or
 * keep the {@link dev.throughline.spool.SpoolPosition} in their own transaction.
 *
 * <p><b>Files</b>, all integers little-endian, all sums CRC-32C (RFC 3720, appendix B.4):
 *
 * <pre>
 * lock                                  held while the spool is open
 * commit.mark                           slots: group; for each stream: segment, its committed length, next sequence;
 *                                       for each stream: sequence of the oldest record kept;
 *                                       for each stream: number of its cursors
 * {stream label}/{20 digits}.seg        a segment; the digits are the sequence of its first record
 * {stream label}/{exporter}.cursor      slots: 1, segment, block, offset, sequence, delivered, skipped,
 *                                       sum of "{stream label}/{exporter}"
 * {stream label}/damage.ledger          one slot, replaced as a whole: 1, records and bytes settled, the sequence below which all
 *                                       is, m, n; m × first lost sequence, end; n × segment, first damaged byte, end
 * damaged/{stream label}-{20 digits}-{offset}.bytes    what readers passed over there
 * damaged/{stream label}-{20 digits}-{offset}.missing  a note of records that are not there
 * damaged/{stream label}-{file name}                   a file that was not what its name says; commit.mark without a label
 *
 * segment header, 64 bytes               block header, 64 bytes, then frames as {@link dev.throughline.telemetry.RecordFrame}
 *  0  u64  magic                          0  u64  magic
 *  8  u32  format, 1                      8  i64  number of the commit group, rising, the same in all its streams
 * 12  u32  stream ordinal                16  i64  sequence of the first record
 * 16  i64  sequence of the first record  24  i64  when it was received, milliseconds since the epoch
 * 24  …    zero                          32  u32  bit i: the group has a block in the stream with ordinal i
 * 60  u32  CRC of the 60 bytes before    36  u32  bytes of frames
 *                                        40  u32  number of frames
 *                                        44  u32  stream ordinal
 *                                        48  i64  offset of this header in its file
 *                                        56  u32  format, 1
 *                                        60  u32  CRC of the 60 bytes before
 *
 * slot file: two slots, at 0 and 4096, written by turns; the whole one with the higher generation counts
 *  0  u64  magic     8  i64  generation    16  u32  n    20  u32  CRC of bytes 0 … 20 and 24 …    24  n × i64
 * </pre>
 *
 * <p>Segments are written and read past the page cache (O_DIRECT) where the file system does that, else through it; the bytes
 * are the same. Behind the last block a segment may have zeros: the rest of a page, or what it was made longer by ahead of its
 * blocks.
 *
 * <p>A segment is closed when the next block would take it over {@code segment_bytes_max}, after a failed fsync, and after its
 * tail was cut at recovery, so that no place is used twice. It is deleted when every cursor of the stream is behind it; without
 * any cursor it stays. Sequences count the records of a stream from 0, for ever.
 *
 * <p><b>Damage.</b> Recovery reads the block headers of all segments, and the frames of the last one; the reader checks each
 * frame. A frame that is not as it was written is passed over to the next whole one in its block; where a block header is not,
 * the frames behind it are looked for by their own sums up to the next block. That is safe since headers and frames hold bytes
 * below 0x20, which no JSON text has. A segment in which recovery finds damage is read whole, from the slowest cursor on. Each
 * cursor counts as {@code skipped} what it passed over itself. The stream counts the sequences that are missing to any of them,
 * each once, in {@code damage.ledger}: so its number is the records that are lost, however many exporters pass over a place and
 * however often the spool is opened. Before a cursor moves behind a place, its bytes are in {@code damaged} (as far as its bounds
 * of 64 MiB and 1,000 files, and the disk, have room), it is in the ledger, and a line in the log names file and offset (20 lines a
 * minute and stream; more are counted). Whoever has repaired or given up what is in {@code damaged} removes those files; that is what
 * closes {@link dev.throughline.spool.Spool#openDamage}.
 *
 * <p>Cursors and the mark are checked too. One that is not whole, or is another's, is moved to {@code damaged}; of one that is torn the
 * state before is used; the mark tells how many cursors there were, so that a deleted one is missed. Each is one line in the log and
 * counted by kind in the {@link dev.throughline.spool.RecoveryReport}, and the start goes on: an exporter without its cursor begins at
 * the oldest record that is kept, and nothing is deleted before it has its place again. Without a mark that is whole, what recovery
 * cuts off at the end of a stream is kept aside, since nothing tells that it was never acknowledged.
 *
 * <p>What recovery cannot know: how far a stream went whose newest segment and whose {@code commit.mark} are both gone is taken from
 * its cursors; beyond the furthest of them nothing tells of a record.
 *
 * <p><b>Names.</b> Files are created 0600 and directories 0700, and made so where they are not. A file that has a segment's name and
 * another's header or blocks, or nothing whole in it, is moved to {@code damaged}; so is whatever ends as segments and cursors do and
 * has no name that the spool gives, such as one of 19 digits or over 2^60, be it a link or a directory. Symbolic links,
 * further hard links, directories and devices in place of the spool's own files end the start with {@code spool_foreign_file}: without
 * those, records could be missing. The spool's directory itself may be a link.
 *
 * <p><b>Descriptors.</b> A segment a stream, its directory, the mark, cursors and one spare are kept open: a commit needs no other, and
 * the next segment takes the spare. Without any, a segment becomes longer than its bound; only where one must be made are appends
 * refused, as {@code spool_too_many_open_files}.
 *
 * <p><b>Errors.</b> Expected outcomes are values. {@link dev.throughline.spool.SpoolException} carries {@code spool_locked}, {@code
 * spool_unusable}, {@code spool_foreign_file} or {@code spool_file_unreadable}; a failed append {@code spool_write_failed}, {@code
 * spool_fsync_failed}, {@code spool_too_many_open_files}, {@code spool_read_only} or {@code spool_internal}. None carries content.
 *
 * <p><b>Bounds.</b> Memory: {@code pending_bytes_max} of the callers' records, 508 KiB to write and up to 2 MiB on the
 * way to and from the disk, and for each reader 64 KiB and one batch; it does not depend on the backlog. Disk: {@link dev.throughline.spool.SpoolConfig}; operational and quarantine
 * streams leave {@code audit_reserve_bytes} of the total to audit, and {@code disk_free_bytes_min} of the file system to others
 * (audit, half of that).
 *
 * <p><b>Threads.</b> {@link dev.throughline.spool.Spool} is thread-safe and runs callbacks on its commit thread, which they must
 * not hold up. A reader is used by one thread at a time, and readers of different names or streams do not disturb each other.
 */
@NullMarked
package dev.throughline.spool;

import org.jspecify.annotations.NullMarked;
