package dev.throughline.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The one token that ingest and reads require. Immutable. */
public final class AccessToken {
    private static final int TOKEN_BYTES = 32;
    private static final int TOKEN_LENGTH_MIN = 16;
    private static final String SCHEME = "bearer ";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final byte[] expected;

    private AccessToken(String token) {
        expected = token.getBytes(StandardCharsets.UTF_8);
    }

    /** A token that is known already, as from a Kubernetes Secret. */
    public static AccessToken of(String token) {
        if (token.strip().length() < TOKEN_LENGTH_MIN) {
            throw new IllegalArgumentException("a token has at least " + TOKEN_LENGTH_MIN + " characters");
        }
        return new AccessToken(token.strip());
    }

    /** The token of a file that is kept by somebody else, such as a mounted Secret: it is there, and only read. */
    public static AccessToken readFrom(Path file) {
        try {
            String token = Files.readString(file).strip();
            if (token.length() < TOKEN_LENGTH_MIN) {
                throw new IllegalArgumentException(
                        "the token in " + file + " is to have at least " + TOKEN_LENGTH_MIN + " characters");
            }
            return new AccessToken(token);
        } catch (IOException e) {
            throw new UncheckedIOException("the token file cannot be read: " + file, e);
        }
    }

    /** The token that the file holds; where there is none, a new one is made and written with mode 0600. */
    public static AccessToken keptIn(Path file) {
        try {
            if (Files.exists(file)) {
                Files.setPosixFilePermissions(file, OWNER_ONLY);
                String kept = Files.readString(file).strip();
                if (kept.length() >= TOKEN_LENGTH_MIN) {
                    return new AccessToken(kept);
                }
            }
            String token = random();
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            Files.writeString(fresh, token + "\n", StandardOpenOption.WRITE);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new AccessToken(token);
        } catch (IOException e) {
            throw new UncheckedIOException("the token file cannot be kept: " + file, e);
        }
    }

    private static String random() {
        byte[] bits = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    /** Whether an {@code Authorization} header carries this token. */
    public boolean isCarriedBy(@Nullable String authorization) {
        if (authorization == null
                || authorization.length() <= SCHEME.length()
                || !authorization
                        .substring(0, SCHEME.length())
                        .toLowerCase(Locale.ROOT)
                        .equals(SCHEME)) {
            return false;
        }
        byte[] given = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, given);
    }

    @Override
    public String toString() {
        return "AccessToken";
    }
}
