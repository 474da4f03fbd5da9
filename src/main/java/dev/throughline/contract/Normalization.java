package dev.throughline.contract;

import dev.throughline.telemetry.Edits;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/**
 * The two changes that a conforming log undergoes: its timestamp is kept in UTC, and a tenant id given as an integer is kept as
 * its decimal string. Stateless.
 */
public final class Normalization {
    private static final byte[] QUOTE = {'"'};
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm");
    /** {@code 2026-01-26T10:24}. */
    private static final int MINUTES_LENGTH = 16;

    private Normalization() {}

    /** Adds the edits to a record that conforms to the log contract. */
    public static void apply(ReceivedRecord record, Edits edits) {
        JsonTape tape = record.tape();
        int tenant = record.node(Field.TENANT_ID);
        if (tenant >= 0 && tape.kind(tenant) == JsonTape.NUMBER) {
            tenant(tape, tenant, edits);
        }
        int timestamp = record.node(Field.TIMESTAMP);
        if (timestamp >= 0 && tape.kind(timestamp) == JsonTape.STRING && tape.bytes()[tape.end(timestamp) - 1] != 'Z') {
            byte[] utc = utc(tape.text(timestamp)).getBytes(StandardCharsets.US_ASCII);
            edits.replace(tape.start(timestamp), tape.end(timestamp), utc);
        }
    }

    private static void tenant(JsonTape tape, int tenant, Edits edits) {
        int from = tape.start(tenant);
        int to = tape.end(tenant);
        edits.replace(from, from, QUOTE);
        if (!tape.isIntegerLiteral(tenant)) { // 1.0 and 1e3 are integers too (JSON Schema Validation, section 6.1.1)
            String plain = new BigDecimal(tape.text(tenant)).toBigIntegerExact().toString();
            edits.replace(from, to, plain.getBytes(StandardCharsets.US_ASCII));
        }
        edits.replace(to, to, QUOTE);
    }

    /** An RFC 3339 date-time with its offset taken off. Seconds and fraction stay as written: offsets are whole minutes. */
    static String utc(String dateTime) {
        String upper = dateTime.replace('t', 'T').replace('z', 'Z').replace(' ', 'T');
        if (upper.endsWith("Z")) {
            return upper;
        }
        int offsetAt = upper.length() - 6;
        int minutes = Integer.parseInt(upper.substring(offsetAt + 1, offsetAt + 3)) * 60
                + Integer.parseInt(upper.substring(offsetAt + 4));
        LocalDateTime local = LocalDateTime.parse(upper.substring(0, MINUTES_LENGTH), MINUTES);
        LocalDateTime utc = local.plusMinutes(upper.charAt(offsetAt) == '-' ? minutes : -minutes);
        return MINUTES.format(utc) + upper.substring(MINUTES_LENGTH, offsetAt) + "Z";
    }
}
