package dev.throughline.storage;

import dev.throughline.storage.OpenFiles.Lease;
import dev.throughline.telemetry.Stream;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Verifies days, whatever kind of file they have. */
final class StoreVerification {
    private static final int FINDINGS_MAX = 1_000;

    private final SqliteRecordStore store;
    private final Pace pace;

    StoreVerification(SqliteRecordStore store, Pace pace) {
        this.store = store;
        this.pace = pace;
    }

    /**
     * Reads a day's file whole.
     *
     * @return what is damaged; empty also where there is no file
     * @throws StoreUnavailableException where it cannot be looked at now, and is no worse for that
     */
    List<Finding> day(Stream stream, long day) throws InterruptedException {
        List<Finding> found = new ArrayList<>();
        DayVerification.Listener listener = (code, place) -> {
            if (found.size() < FINDINGS_MAX) {
                found.add(new Finding(
                        stream,
                        LocalDate.ofEpochDay(day),
                        code,
                        store.open(stream).path(day) + ", " + place));
            }
        };
        try {
            boolean proved = stream == Stream.QUARANTINE ? quarantine(day, listener) : records(stream, day, listener);
            if (!proved) {
                suspect(stream, day);
            }
        } catch (SQLException e) {
            unreadable(SqliteFiles.unavailable(e), stream, day, listener);
        } catch (StoreUnavailableException e) {
            unreadable(e, stream, day, listener);
        }
        return found;
    }

    private boolean records(Stream stream, long day, DayVerification.Listener listener)
            throws SQLException, InterruptedException {
        boolean[] whole = {true};
        boolean indexed = new DayVerification(store.files(stream), day, pace, (code, place) -> {
                    whole[0] = false;
                    listener.found(code, place);
                })
                .run();
        // In a file whose rows have sums a read sees for itself what is damaged.
        return indexed && (whole[0] || isChecked(stream, day));
    }

    private boolean isChecked(Stream stream, long day) throws SQLException {
        try (Lease<DayFile> lease = store.files(stream).existing(day)) {
            return lease != null && lease.file().isChecked();
        }
    }

    private boolean quarantine(long day, DayVerification.Listener listener) throws SQLException, InterruptedException {
        try (Lease<QuarantineDay> lease = store.quarantineFiles().existing(day)) {
            if (lease == null) {
                return true;
            }
            try (Readers.Reader reader = lease.file().reader()) {
                return new QuarantineVerification(
                                reader.connection(), lease.file().isChecked(), pace, listener)
                        .run();
            }
        }
    }

    /** Answers from this file are marked from now on, until it is repaired. */
    private void suspect(Stream stream, long day) {
        DayLedger ledger = store.open(stream).ledger();
        DayLedger.Entry entry = ledger.get(day);
        if (entry != null && !entry.suspect()) {
            ledger.put(entry.suspected());
        }
    }

    private void unreadable(StoreUnavailableException e, Stream stream, long day, DayVerification.Listener listener) {
        boolean own = e.isDamage()
                || e.code().equals("store_schema_newer")
                || store.open(stream).isUnusable(day);
        if (!own) {
            throw e;
        }
        listener.found("unreadable_file", e.place().isEmpty() ? e.code() : e.place());
    }
}
