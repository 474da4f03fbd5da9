package dev.throughline.ingest;

import dev.throughline.PrivateFiles;
import dev.throughline.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The secret key of record ids, kept over restarts in a file of mode 0600: with another key a retried record would be a new one.
 * Replicas that share a store share the key.
 */
public final class RecordIdKey {
    private static final int KEY_BYTES = 16;
    /** Behind the key, the first bytes of its SHA-256: a flipped bit would be another key. */
    private static final int SUM_BYTES = 16;

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
            return kept(file);
        }
        byte[] fresh = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(fresh);
        write(file, fresh);
        return new RecordIdKey(fresh);
    }

    private static RecordIdKey kept(Path file) {
        byte[] kept = PrivateFiles.read(file, FILE_BYTES_MAX, "the key of record ids");
        byte[] key = Arrays.copyOf(kept, KEY_BYTES);
        if (kept.length == KEY_BYTES) {
            write(file, key); // As it was written before it had a sum.
        } else if (!Arrays.equals(kept, withSum(key))) {
            throw new StartupException(
                    "record_id_key_damaged",
                    "the key of record ids " + file + " is not as it was written (" + kept.length
                            + " bytes); restore it, or remove it: records that are sent again are then kept a second time");
        }
        return new RecordIdKey(key);
    }

    private static void write(Path file, byte[] key) {
        try {
            PrivateFiles.replace(file, withSum(key));
        } catch (IOException e) {
            throw new StartupException(
                    "file_unwritable",
                    "the key of record ids " + file + " cannot be written" + PrivateFiles.reason(e)
                            + "; see that this user can write there");
        }
    }

    private static byte[] withSum(byte[] key) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(key);
            byte[] file = Arrays.copyOf(key, KEY_BYTES + SUM_BYTES);
            System.arraycopy(sum, 0, file, KEY_BYTES, SUM_BYTES);
            return file;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    byte[] bytes() {
        return key.clone();
    }

    @Override
    public String toString() {
        return "RecordIdKey";
    }
}
