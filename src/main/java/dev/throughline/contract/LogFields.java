package dev.throughline.contract;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import java.util.Arrays;

/** Finds the fields of a log event, the top-level members of {@code integration-log/v1}. Stateless. */
public final class LogFields {
    private static final int TABLE_SIZE = 64;
    private static final int[] TABLE = new int[TABLE_SIZE];

    static {
        Arrays.fill(TABLE, -1);
        for (Field field : Field.values()) {
            int at = JsonTape.hash(field.utf8(), 0, field.utf8().length) & (TABLE_SIZE - 1);
            while (TABLE[at] >= 0) {
                at = (at + 1) & (TABLE_SIZE - 1);
            }
            TABLE[at] = field.ordinal();
        }
    }

    private LogFields() {}

    /** Sets the record's slots: strings and numbers only, and for {@code audit} whatever is not null. */
    public static void locate(ReceivedRecord record) {
        JsonTape tape = record.tape();
        if (tape.kind(0) != JsonTape.OBJECT) {
            return;
        }
        int end = tape.next(0);
        for (int key = tape.firstChild(0); key < end; key = tape.next(tape.value(key))) {
            int at = tape.keyHash(key) & (TABLE_SIZE - 1);
            while (TABLE[at] >= 0) {
                Field field = Field.ofOrdinal(TABLE[at]);
                if (tape.contentEquals(key, field.utf8())) {
                    set(record, field, tape.value(key));
                    break;
                }
                at = (at + 1) & (TABLE_SIZE - 1);
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
