package dev.throughline.access;

import dev.throughline.PrivateFiles;
import dev.throughline.StartupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The one token that ingest and reads require. Immutable. */
public final class AccessToken {
    private static final int TOKEN_BYTES = 32;
    private static final int TOKEN_LENGTH_MIN = 16;
    private static final String SCHEME = "bearer ";
    /** Far more than any token, a JWT included. */
    private static final int FILE_BYTES_MAX = 8_192;

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

    /**
     * The token of a file that is kept by somebody else, such as a mounted Secret: it is there, and only read.
     *
     * @throws StartupException where it cannot be read or holds no token
     */
    public static AccessToken readFrom(Path file) {
        return parse(file, "put one there, or leave throughline.server.token-file out");
    }

    /**
     * The token that the file holds; where there is none, a new one is made. A file that holds no token is damaged, and is not
     * replaced: everybody who has the old one would be turned away without a word.
     *
     * @throws StartupException where what is there holds no token, or nothing can be written
     */
    public static AccessToken keptIn(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return parse(
                    file, "restore it, or remove it and a new one is made, which all senders and readers then need");
        }
        String token = random();
        try {
            PrivateFiles.replace(file, (token + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new StartupException(
                    "file_unwritable",
                    "the token file " + file + " cannot be written" + PrivateFiles.reason(e)
                            + "; see that this user can write there");
        }
        return new AccessToken(token);
    }

    /** What a header can carry, and no more: visible ASCII. */
    private static AccessToken parse(Path file, String whatToDo) {
        String token = new String(
                        PrivateFiles.read(file, FILE_BYTES_MAX, "the token file"), StandardCharsets.ISO_8859_1)
                .strip();
        boolean visible = token.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (!visible || token.length() < TOKEN_LENGTH_MIN) {
            throw new StartupException(
                    "token_invalid",
                    "the token file " + file + " holds no token of at least " + TOKEN_LENGTH_MIN
                            + " visible ASCII characters; " + whatToDo);
        }
        return new AccessToken(token);
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
