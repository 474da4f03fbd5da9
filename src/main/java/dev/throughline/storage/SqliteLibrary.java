package dev.throughline.storage;

import dev.throughline.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;
import org.sqlite.SQLiteJDBCLoader;

/**
 * SQLite's own code, which the driver unpacks into a file to load it. It does so in a folder of the data directory and not in one that
 * all users share, and the file's name goes as soon as it is loaded: a process that is killed leaves none behind.
 */
final class SqliteLibrary {
    private static final Logger LOG = Logger.getLogger(SqliteLibrary.class);
    private static final String FOLDER = "org.sqlite.tmpdir";
    private static final String PREFIX = "sqlite-";

    private SqliteLibrary() {}

    /** Loads it, if that was not done yet. An operator who says where it is to be unpacked is obeyed. */
    static synchronized void load(Path folder) {
        if (System.getProperty(FOLDER) != null) {
            return;
        }
        try {
            OwnerOnly.folder(folder, folder);
            System.setProperty(FOLDER, folder.toString());
            SQLiteJDBCLoader.initialize();
            deleteUnpacked(folder);
        } catch (IOException e) {
            LOG.warnf("SQLite is not unpacked into %s: %s", folder, FailureCode.of(e));
        } catch (Exception e) {
            throw new StoreUnavailableException("store_no_library", e);
        }
    }

    private static void deleteUnpacked(Path folder) throws IOException {
        for (Path file : SqliteFiles.list(folder)) {
            if (file.getFileName().toString().startsWith(PREFIX)) {
                Files.deleteIfExists(file);
            }
        }
    }
}
