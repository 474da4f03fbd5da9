package dev.throughline.storage;

import dev.throughline.telemetry.Stream;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Days that one read could not read, or not all of: what it answers may be incomplete. */
final class UnreadableFiles {
    private final Set<String> names = new LinkedHashSet<>();
    private final SqliteRecordStore store;

    UnreadableFiles(SqliteRecordStore store) {
        this.store = store;
    }

    /** What is read from one file. */
    interface Read {
        void run() throws SQLException;
    }

    /** Notes the days that are known to be incomplete. To be called last: some are found to be when they are opened. */
    void noteIncomplete(Stream stream, OpenFiles<?> files) {
        files.incomplete().forEach(day -> names.add(name(stream, day)));
    }

    /** Runs the read; trouble that is a file's own is noted, that of the whole store is the whole read's. */
    void orNoted(Stream stream, long epochDay, Read read) {
        try {
            read.run();
        } catch (SQLException e) {
            note(stream, epochDay, SqliteFiles.unavailable(e));
        } catch (StoreUnavailableException e) {
            note(stream, epochDay, e);
        }
    }

    /** Notes what could not be read of a file. */
    void note(Stream stream, long epochDay, StoreUnavailableException e) {
        boolean ofFile = switch (e.code()) {
            case "store_corrupt", "store_schema_newer", "store_unwritable", "store_io_error" -> true;
            case SqliteFiles.NO_DESCRIPTORS -> false;
            default -> store.open(stream).isUnusable(epochDay);
        };
        if (!ofFile) {
            throw e;
        }
        names.add(name(stream, epochDay));
        String place = e.place().isEmpty() ? e.code() : e.place();
        store.findings()
                .add(stream, epochDay, "unreadable_file", store.open(stream).path(epochDay) + ", " + place);
    }

    private static String name(Stream stream, long epochDay) {
        return stream.label() + "/" + LocalDate.ofEpochDay(epochDay);
    }

    List<String> names() {
        return List.copyOf(names);
    }
}
