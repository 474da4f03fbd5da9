package dev.throughline.masking;

import dev.throughline.masking.detect.Pseudonyms;
import dev.throughline.telemetry.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/** Writes what takes a value's place. Not thread-safe. */
final class Replacement {
    private static final int TENANT_KEYS_MAX = 256;
    private static final byte[] BASE32 = "abcdefghijklmnopqrstuvwxyz234567".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PREFIX = "pii:v1:".getBytes(StandardCharsets.US_ASCII);

    private final @Nullable PseudonymKeys keys;
    private final Map<String, Mac> byTenant = new LinkedHashMap<>();
    private byte[] tenant = new byte[0];
    private @Nullable Mac mac;

    Replacement(@Nullable PseudonymKeys keys) {
        this.keys = keys;
    }

    void tenant(byte[] source, int from, int to) {
        if (keys != null && !Arrays.equals(tenant, 0, tenant.length, source, from, to)) {
            tenant = Arrays.copyOfRange(source, from, to);
            mac = null;
        }
    }

    private Mac mac() {
        Mac current = mac;
        if (current == null) {
            if (keys == null) {
                throw new MaskingStop(Outcome.Failure.INTERNAL_ERROR);
            }
            if (byTenant.size() >= TENANT_KEYS_MAX) {
                byTenant.clear();
            }
            current = byTenant.computeIfAbsent(new String(tenant, StandardCharsets.UTF_8), keys::forTenant);
            mac = current;
        }
        return current;
    }

    void write(Action action, byte[] text, int from, int to, JsonWriter out) {
        switch (action) {
            case Action.Keep(), Action.Detect(), Action.Protect() -> out.raw(text, from, to);
            case Action.Drop() -> {}
            case Action.Mask(int keepLast) -> star(text, from, to, keepLast, out);
            case Action.Redact redact -> out.ascii(redact.label());
            case Action.Pseudonymise(String type) -> pseudonym(type, text, from, to, out);
        }
    }

    private static boolean startsCharacter(byte b) {
        return (b & 0xC0) != 0x80;
    }

    private static void star(byte[] text, int from, int to, int keepLast, JsonWriter out) {
        int kept = to;
        int characters = 0;
        for (int p = to - 1; p >= from && characters < keepLast; p--) {
            if (startsCharacter(text[p])) {
                characters++;
                kept = p;
            }
        }
        if (kept == from) {
            kept = to;
        }
        for (int p = from; p < kept; p++) {
            if (startsCharacter(text[p])) {
                out.raw(text[p] == ' ' || text[p] == '-' ? text[p] : (byte) '*');
            }
        }
        out.raw(text, kept, to);
    }

    private void pseudonym(String type, byte[] text, int from, int to, JsonWriter out) {
        if (Pseudonyms.end(text, from, to) == to) {
            out.raw(text, from, to);
            return;
        }
        byte[] canonical = canonical(type, new String(text, from, to - from, StandardCharsets.UTF_8));
        byte[] digest = mac().doFinal(canonical);
        out.raw(PREFIX)
                .ascii(type)
                .raw(':')
                .ascii(keys == null ? "" : keys.kid())
                .raw(':');
        int bits = 0;
        int held = 0;
        int at = 0;
        for (int i = 0; i < Pseudonyms.CODE_BYTES; i++) {
            if (held < 5) {
                bits = (bits << 8) | (digest[at++] & 0xFF);
                held += 8;
            }
            held -= 5;
            out.raw(BASE32[(bits >>> held) & 31]);
            bits &= (1 << held) - 1;
        }
    }

    /** The one form of all ways to write a value. A national phone number keeps its digits: its country is not known. */
    static byte[] canonical(String type, String value) {
        String form = switch (type) {
            case "phone" -> phone(value);
            case "iban", "card" -> lettersAndDigits(value).toUpperCase(Locale.ROOT);
            case "email" -> value.strip().toLowerCase(Locale.ROOT);
            case "ip" -> value.strip().toLowerCase(Locale.ROOT);
            case "secret" -> value;
            default -> type.contains("_") ? lettersAndDigits(value).toUpperCase(Locale.ROOT) : value.strip();
        };
        return form.getBytes(StandardCharsets.UTF_8);
    }

    private static String phone(String value) {
        String trimmed = value.strip();
        boolean plus = trimmed.startsWith("+") || trimmed.startsWith("(+");
        String digits = lettersAndDigits(trimmed.replace("(0)", ""));
        if (plus) {
            return "+" + digits;
        }
        return digits.startsWith("00") ? "+" + digits.substring(2) : digits;
    }

    private static String lettersAndDigits(String value) {
        StringBuilder kept = new StringBuilder(value.length());
        value.chars().filter(Character::isLetterOrDigit).forEach(c -> kept.append((char) c));
        return kept.toString();
    }
}
