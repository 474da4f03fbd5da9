package dev.throughline.contract;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;

/**
 * Finds the fields of a log event, the top-level members of {@code integration-log/v1}: by their {@linkplain
 * dev.throughline.telemetry.KeyNames numbers}, which they have always. Stateless.
 */
public final class LogFields {
    private LogFields() {}

    /** Sets the record's slots: strings and numbers only, and for {@code audit} whatever is not null. */
    public static void locate(ReceivedRecord record) {
        JsonTape tape = record.tape();
        if (tape.kind(0) != JsonTape.OBJECT) {
            return;
        }
        int end = tape.next(0);
        for (int key = tape.firstChild(0); key < end; key = tape.next(tape.value(key))) {
            int number = tape.keyNumber(key);
            if (number != 0 && number <= Field.count()) {
                set(record, Field.ofOrdinal(number - 1), tape.value(key));
            }
        }
    }

    private static void set(ReceivedRecord record, Field field, int node) {
        int kind = record.tape().kind(node);
        boolean text = kind == JsonTape.STRING || kind == JsonTape.NUMBER;
        if (text || (field == Field.AUDIT && kind != JsonTape.NULL)) {
            record.set(field, node);
        }
    }
}
