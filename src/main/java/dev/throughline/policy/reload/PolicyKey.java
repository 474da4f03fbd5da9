package dev.throughline.policy.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Whether the pseudonyms' key is another one: a Secret changes by itself. */
final class PolicyKey {
    private static final int BYTES_MAX = 1024;

    private PolicyKey() {}

    /** Tells one content from another; it stays in memory. Empty where there is no key file. */
    static String fingerprint(@Nullable Path file) {
        if (file == null) {
            return "";
        }
        if (!Files.isRegularFile(file)) {
            return "unreadable";
        }
        try (var in = Files.newInputStream(file)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(in.readNBytes(BYTES_MAX)));
        } catch (IOException _) {
            return "unreadable";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java", e);
        }
    }
}
