package dev.throughline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Which store and which spool belong to a data directory. Each has a random id in {@code <name>/id}, and {@code run/<name>.id} says the
 * same: one that is gone, or another one, such as a volume that is not mounted, is found at the start. What was acknowledged and is
 * in it would else be taken for what never was.
 */
public enum DirectoryIdentity {
    STORE("store", "records were delivered to it"),
    SPOOL("spool", "acknowledged records may wait in it");

    private static final int ID_BYTES = 16;
    private static final int FILE_BYTES_MAX = 256;

    private final String label;
    private final String content;

    DirectoryIdentity(String label, String content) {
        this.label = label;
        this.content = content;
    }

    /**
     * Checks that it is the one of this data directory; the first start gives it its id.
     *
     * @throws StartupException {@code store_missing} or {@code spool_missing} where it is not there or cannot be looked into, {@code
     *     store_foreign} or {@code spool_foreign} where it is another
     */
    public void check(Path data) {
        Path run = data.resolve("run");
        Path known = run.resolve(label + ".id");
        Path directory = data.resolve(label);
        Path own = directory.resolve("id");
        byte[] wanted = Files.exists(known, LinkOption.NOFOLLOW_LINKS) ? read(known) : null;
        if (!Files.isRegularFile(own, LinkOption.NOFOLLOW_LINKS)) {
            if (wanted != null) {
                throw new StartupException(
                        label + "_missing",
                        "the " + label + " " + directory + " is not there or cannot be read, and " + content
                                + "; mount or restore it, or give it up: remove " + known);
            }
            write(directory, own, fresh());
        }
        byte[] found = read(own);
        if (wanted == null) {
            write(run, known, found);
        } else if (!Arrays.equals(wanted, found)) {
            throw new StartupException(
                    label + "_foreign",
                    "the " + label + " " + directory + " is not the one of before, and " + content
                            + "; mount or restore that one, or take this one in its place: remove " + known);
        }
    }

    private static byte[] fresh() {
        byte[] id = new byte[ID_BYTES];
        new SecureRandom().nextBytes(id);
        return (HexFormat.of().formatHex(id) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] read(Path file) {
        return PrivateFiles.read(file, FILE_BYTES_MAX, "the id of the " + label);
    }

    private void write(Path directory, Path file, byte[] id) {
        try {
            PrivateFiles.createDirectories(directory);
            PrivateFiles.replace(file, id);
        } catch (IOException e) {
            throw new StartupException(
                    "file_unwritable",
                    "the id of the " + label + " " + file + " cannot be written" + PrivateFiles.reason(e)
                            + "; see that this user can write there");
        }
    }
}
