package dev.throughline.delivery;

import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Quarantine entries for a destination that cannot take all of them. */
final class QuarantineEntries {
    private static final byte[] RECORD = "record".getBytes(StandardCharsets.US_ASCII);
    private static final JsonTape.Limits LIMITS = new JsonTape.Limits(64, 1 << 20, Integer.MAX_VALUE);

    private QuarantineEntries() {}

    /** The entry without its record and with {@code "record_omitted":true}; {@code null} where it is no JSON object. */
    static byte @Nullable [] withoutRecord(byte[] entry) {
        JsonTape tape = new JsonTape(LIMITS);
        try {
            tape.parseWhole(entry);
        } catch (JsonSyntaxException _) {
            return null;
        }
        if (tape.kind(0) != JsonTape.OBJECT) {
            return null;
        }
        JsonWriter out = new JsonWriter(1_024);
        out.raw('{');
        for (int key = tape.firstChild(0); key < tape.next(0); key = tape.next(tape.value(key))) {
            if (!tape.contentEquals(key, RECORD)) {
                int value = tape.value(key);
                int quote = tape.kind(value) == JsonTape.STRING ? 1 : 0;
                out.raw(entry, tape.start(key) - 1, tape.end(key) + 1).raw(':');
                out.raw(entry, tape.start(value) - quote, tape.end(value) + quote)
                        .raw(',');
            }
        }
        return out.ascii("\"record_omitted\":true}").toByteArray();
    }
}
