package dev.throughline.storage;

import dev.throughline.telemetry.Stream;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Day files that one read had to leave out. */
final class UnreadableFiles {
    private final Set<String> names = new LinkedHashSet<>();

    /** What is read from one file. */
    interface Read {
        void run() throws SQLException;
    }

    /** Runs the read; a file that is damaged or newer is noted, any other trouble is the whole read's. */
    void orNoted(Stream stream, long epochDay, Read read) {
        try {
            read.run();
        } catch (SQLException e) {
            note(stream, epochDay, SqliteFiles.unavailable(e));
        } catch (StoreUnavailableException e) {
            note(stream, epochDay, e);
        }
    }

    private void note(Stream stream, long epochDay, StoreUnavailableException e) {
        switch (e.code()) {
            case "store_corrupt", "store_schema_newer", "store_unwritable" ->
                names.add(stream.label() + "/" + LocalDate.ofEpochDay(epochDay));
            default -> throw e;
        }
    }

    List<String> names() {
        return List.copyOf(names);
    }
}
