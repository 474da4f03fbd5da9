package dev.throughline.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * The secret key of record ids, kept over restarts in a file of mode 0600: with another key a retried record would be a new one.
 * Replicas that share a store share the key.
 */
public final class RecordIdKey {
    private static final int KEY_BYTES = 16;

    private final byte[] key;

    private RecordIdKey(byte[] key) {
        this.key = key;
    }

    /** The key in the file; where there is none, a new one is made. */
    public static RecordIdKey keptIn(Path file) {
        try {
            if (Files.exists(file)) {
                byte[] kept = Files.readAllBytes(file);
                if (kept.length == KEY_BYTES) {
                    return new RecordIdKey(kept);
                }
                throw new IllegalStateException("the record id key has not 16 bytes: " + file);
            }
            byte[] fresh = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(fresh);
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path temporary = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(temporary);
            Files.createFile(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(temporary, fresh, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            return new RecordIdKey(fresh);
        } catch (IOException e) {
            throw new UncheckedIOException("the record id key cannot be kept: " + file, e);
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
