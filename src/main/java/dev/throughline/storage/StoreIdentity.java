package dev.throughline.storage;

import dev.throughline.PrivateFiles;
import dev.throughline.StartupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Which store belongs to a data directory. The store has a random id in {@code store/id}, and {@code run/store.id} says the same: a
 * store that is gone, or another one, such as a volume that is not mounted, is found at the start. What was delivered to it would
 * else be answered with "not found".
 */
public final class StoreIdentity {
    private static final int ID_BYTES = 16;
    private static final int FILE_BYTES_MAX = 256;

    private StoreIdentity() {}

    /**
     * Checks that the store is the one of this data directory; the first start gives it its id.
     *
     * @throws StartupException {@code store_missing} where it is not there or cannot be looked into, {@code store_foreign} where it is another
     */
    public static void check(Path data) {
        Path run = data.resolve("run");
        Path known = run.resolve("store.id");
        Path store = data.resolve("store");
        Path own = store.resolve("id");
        byte[] wanted = Files.exists(known, LinkOption.NOFOLLOW_LINKS) ? read(known) : null;
        if (!Files.isRegularFile(own, LinkOption.NOFOLLOW_LINKS)) {
            if (wanted != null) {
                throw new StartupException(
                        "store_missing",
                        "the store " + store + " is not there or cannot be read, and records were delivered to it"
                                + "; mount or restore it, or give it up: remove " + known);
            }
            write(store, own, fresh());
        }
        byte[] found = read(own);
        if (wanted == null) {
            write(run, known, found);
        } else if (!Arrays.equals(wanted, found)) {
            throw new StartupException(
                    "store_foreign",
                    "the store " + store + " is not the one that records were delivered to"
                            + "; mount or restore that one, or take this one in its place: remove " + known);
        }
    }

    private static byte[] fresh() {
        byte[] id = new byte[ID_BYTES];
        new SecureRandom().nextBytes(id);
        return (HexFormat.of().formatHex(id) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] read(Path file) {
        return PrivateFiles.read(file, FILE_BYTES_MAX, "the id of the store");
    }

    private static void write(Path directory, Path file, byte[] id) {
        try {
            PrivateFiles.createDirectories(directory);
            PrivateFiles.replace(file, id);
        } catch (IOException e) {
            throw new StartupException(
                    "file_unwritable",
                    "the id of the store " + file + " cannot be written" + PrivateFiles.reason(e)
                            + "; see that this user can write there");
        }
    }
}
