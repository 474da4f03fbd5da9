package dev.throughline.masking;

import dev.throughline.masking.detect.Pseudonyms;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The master key of pseudonyms and its id. A tenant's key is HMAC-SHA-256 of {@code tenant:<id>} under it, so that the same person
 * has unrelated pseudonyms with two tenants. A new master key gets a new id. Immutable.
 */
public final class PseudonymKeys {
    public static final int MASTER_BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";

    private final String kid;
    private final byte[] master;

    /** @param kid 1–8 lower-case letters or digits */
    public PseudonymKeys(String kid, byte[] master) {
        boolean plain = kid.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
        if (kid.isEmpty() || kid.length() > Pseudonyms.KID_BYTES_MAX || !plain) {
            throw new IllegalArgumentException("a key id is 1 to 8 lower-case letters or digits");
        }
        if (master.length != MASTER_BYTES) {
            throw new IllegalArgumentException("a master key has 32 bytes");
        }
        this.kid = kid;
        this.master = master.clone();
    }

    public String kid() {
        return kid;
    }

    Mac forTenant(String tenant) {
        byte[] derived = hmac(master).doFinal(("tenant:" + tenant).getBytes(StandardCharsets.UTF_8));
        return hmac(derived);
    }

    private static Mac hmac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is missing in this Java", e);
        }
    }

    @Override
    public String toString() {
        return "PseudonymKeys[" + kid + "]";
    }
}
