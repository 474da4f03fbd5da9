package dev.throughline.masking;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes quarantine entries: the reason, the ids where they have their form, and the masked record where there is one. */
final class QuarantineEntry {
    private static final int SLOT_BYTES_MAX = 256;
    /** The ids that the entry itself carries. */
    private static final Field[] OWN = {Field.CORRELATION_ID, Field.TENANT_ID, Field.CONNECTOR};

    private final MaskingSession session;
    private final JsonWriter out = new JsonWriter(1024);
    private final int[] slots = new int[2 * RecordFrame.SLOTS];

    QuarantineEntry(MaskingSession session) {
        this.session = session;
    }

    /**
     * Writes one entry.
     *
     * @param masked the record, masked; absent where masking failed or there is none
     */
    void append(
            MaskedRecords target,
            QuarantineReason reason,
            Signal signal,
            @Nullable ReceivedRecord record,
            @Nullable RecordFrame masked,
            MaskedRecords.Stamp stamp,
            long idHigh,
            long idLow) {
        out.reset();
        Arrays.fill(slots, -1);
        out.raw('{');
        reason(reason);
        out.member("signal").string(signal.name().toLowerCase(Locale.ROOT));
        for (Field field : OWN) {
            if (masked != null) {
                own(
                        field,
                        masked.has(field),
                        masked.bytes(),
                        masked.has(field) ? masked.fieldOffset(field) : 0,
                        length(masked, field));
            } else if (record != null && record.has(field)) {
                JsonTape tape = record.tape();
                int node = record.node(field);
                own(field, true, tape.bytes(), tape.start(node), tape.end(node) - tape.start(node));
            }
        }
        if (masked != null) {
            body(record, masked);
        }
        out.raw('}');
        target.append(Signal.QUARANTINE_ENTRY, out.bytes(), out.length(), slots, stamp, idHigh, idLow);
    }

    private static int length(RecordFrame frame, Field field) {
        return frame.has(field) ? frame.fieldLength(field) : 0;
    }

    private void reason(QuarantineReason reason) {
        text("reason", reason.reason());
        text("code", reason.code());
        text("pointer", reason.pointer());
        text("keyword", reason.keyword());
        if (reason.violations().isEmpty()) {
            return;
        }
        out.member("violation_count").number(reason.violationCount());
        out.member("violations").raw('[');
        String comma = "";
        for (QuarantineReason.Violation violation : reason.violations()) {
            out.ascii(comma).raw('{');
            text("code", violation.code());
            text("pointer", violation.pointer());
            text("keyword", violation.keyword());
            out.raw('}');
            comma = ",";
        }
        out.raw(']');
    }

    private void text(String name, @Nullable String value) {
        if (value != null) {
            out.member(name).string(session.maskText(value));
        }
    }

    /** Writes an id of the contract where it has the contract's form and nothing personal in it. */
    private void own(Field field, boolean present, byte[] source, int from, int length) {
        if (!present
                || !IdShape.matches(field, source, from, from + length)
                || session.findsIn(source, from, from + length)) {
            return;
        }
        out.member(field.key()).raw('"');
        slots[2 * field.ordinal()] = out.length();
        slots[2 * field.ordinal() + 1] = length;
        out.raw(source, from, from + length).raw('"');
    }

    /** @param record what a slot's kind is looked up in; absent where the record was kept before, all slots being texts */
    private void body(@Nullable ReceivedRecord record, RecordFrame masked) {
        out.member("record");
        int shift = out.length() - masked.payloadOffset();
        out.raw(masked.bytes(), masked.payloadOffset(), masked.payloadOffset() + masked.payloadLength());
        for (int i = 0; i < RecordFrame.SLOTS; i++) {
            Field field = Field.ofOrdinal(i);
            boolean own = field == Field.CORRELATION_ID || field == Field.TENANT_ID || field == Field.CONNECTOR;
            if (!own && masked.has(field) && isText(record, field) && masked.fieldLength(field) <= SLOT_BYTES_MAX) {
                slots[2 * i] = masked.fieldOffset(field) + shift;
                slots[2 * i + 1] = masked.fieldLength(field);
            }
        }
    }

    /** A slot is a text: in a record that breaks the contract, anything may stand there. */
    private static boolean isText(@Nullable ReceivedRecord record, Field field) {
        if (record == null) {
            return true;
        }
        int kind = record.has(field) ? record.tape().kind(record.node(field)) : JsonTape.NULL;
        return kind == JsonTape.STRING || kind == JsonTape.NUMBER;
    }
}
