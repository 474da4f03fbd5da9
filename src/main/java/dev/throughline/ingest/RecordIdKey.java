package dev.throughline.ingest;

import dev.throughline.PrivateFiles;
import dev.throughline.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The secret key of record ids, kept over restarts in a file of mode 0600: with another key a retried record would be a new one.
 * Replicas that share a store share the key.
 */
public final class RecordIdKey {
    private static final int KEY_BYTES = 16;
    private static final int FILE_BYTES_MAX = 1_024;

    private final byte[] key;

    private RecordIdKey(byte[] key) {
        this.key = key;
    }

    /**
     * The key in the file; where there is none, a new one is made.
     *
     * @throws StartupException where what is there is no key, or nothing can be written
     */
    public static RecordIdKey keptIn(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] kept = PrivateFiles.read(file, FILE_BYTES_MAX, "the key of record ids");
            if (kept.length != KEY_BYTES) {
                throw new StartupException(
                        "record_id_key_damaged",
                        "the key of record ids " + file + " has " + kept.length + " bytes and not " + KEY_BYTES
                                + "; restore it, or remove it: records that are sent again are then kept a second time");
            }
            return new RecordIdKey(kept);
        }
        byte[] fresh = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(fresh);
        try {
            PrivateFiles.replace(file, fresh);
        } catch (IOException e) {
            throw new StartupException(
                    "file_unwritable",
                    "the key of record ids " + file + " cannot be written" + PrivateFiles.reason(e)
                            + "; see that this user can write there");
        }
        return new RecordIdKey(fresh);
    }

    byte[] bytes() {
        return key.clone();
    }

    @Override
    public String toString() {
        return "RecordIdKey";
    }
}
