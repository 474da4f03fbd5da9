package dev.throughline.storage;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Stream;
import java.time.LocalDate;
import java.util.List;

/**
 * Keeps masked records and finds them again.
 *
 * <p>The contract of a write: when it returns {@link WriteResult.Written}, all records but the refused ones are durable (they
 * survive a power loss). It is idempotent by record id: a record that is already kept is counted as a duplicate and not kept
 * again, whether it comes in the same batch, after a crash or as a sender's retry within the store's duplicate window over
 * midnight. A batch is one transaction; one that crosses midnight is one transaction a day, in the order of days. After {@link
 * WriteResult.Unavailable} the caller sends the same batch again; nothing of it is lost or doubled by that.
 *
 * <p>Any thread may call any method; writes to one stream exclude each other.
 */
public interface RecordStore extends AutoCloseable {

    /** Keeps a batch; the bytes are borrowed until it returns. Blocks for the disk. */
    WriteResult write(RecordBatch batch);

    /**
     * The records of one correlation id in all streams, quarantine included, and the records without correlation id whose trace
     * id occurs among them. A page of them in the order of arrival; unordered by event time.
     */
    JourneyRecords journey(JourneyQuery query);

    /** Records that match, newest received first. Pages are stable: what arrives later is on no later page. */
    RecordPage records(RecordQuery query);

    /** Quarantine entries that match, last seen first. */
    QuarantinePage quarantine(QuarantineQuery query);

    /** What each stream keeps. */
    List<StreamCount> counts();

    /** The days that a stream has records of, or had and misses, newest first. */
    List<StoredDay> days(Stream stream);

    /** Deletes a day of a stream, whatever is kept of it. */
    void delete(Stream stream, LocalDate day);

    @Override
    void close();
}
