package dev.throughline.storage;

import java.time.Duration;
import java.util.List;

/** What became of a batch. */
public sealed interface WriteResult {

    /**
     * All but the refused records are durable.
     *
     * @param written records kept by this call
     * @param duplicates records that were kept already
     * @param refused records that can never be kept, for quarantine
     */
    record Written(int written, int duplicates, List<Refused> refused) implements WriteResult {}

    /**
     * Nothing is promised about any record; send the whole batch again.
     *
     * @param code stable: {@code store_disk_full}, {@code store_corrupt}, {@code store_unwritable}, {@code store_busy}, {@code
     *     store_io_error}, {@code store_schema_newer}, {@code store_file_replaced}, {@code store_closed}
     */
    record Unavailable(String code, Duration retryAfter) implements WriteResult {}

    /**
     * A record that no retry will help.
     *
     * @param index in the batch
     * @param code stable: {@code received_time_out_of_range}, {@code entry_malformed}
     */
    record Refused(int index, String code) {}
}
