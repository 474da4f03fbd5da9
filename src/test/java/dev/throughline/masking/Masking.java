package dev.throughline.masking;

import dev.throughline.telemetry.Edits;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import java.nio.charset.StandardCharsets;

/** One record through a session, as ingest does it. */
final class Masking {
    static final PseudonymKeys KEYS =
            new PseudonymKeys("k1", "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    static final MaskedRecords.Stamp STAMP = new MaskedRecords.Stamp(1_769_000_000_000L, 42);

    private Masking() {}

    static MaskingSession builtIn() {
        return new Masker(MaskingRules.builtIn(), KEYS).session();
    }

    static ReceivedRecord record(Signal signal, String json) {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        JsonTape tape = new JsonTape();
        try {
            tape.parseWhole(utf8);
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException(json, e);
        }
        ReceivedRecord record = new ReceivedRecord(tape);
        record.begin(signal, utf8, 0, utf8.length);
        for (int i = 0; i < Field.count(); i++) {
            Field field = Field.ofOrdinal(i);
            int node = signal == Signal.LOG ? tape.member(0, field.utf8()) : -1;
            if (node >= 0 && tape.kind(node) != JsonTape.NULL) {
                record.set(field, node);
            }
        }
        return record;
    }

    /** The masked document of a log. */
    static String log(MaskingSession session, String json, boolean conforming) {
        return log(session, record(Signal.LOG, json), conforming);
    }

    static String log(MaskingSession session, ReceivedRecord record, boolean conforming) {
        Edits edits = new Edits();
        Outcome outcome = session.mask(record, edits, conforming);
        if (outcome instanceof Outcome.Failed failed) {
            return failed.failure().code();
        }
        MaskedRecords target = new MaskedRecords();
        session.append(target, record, edits, STAMP, 0, 1, 2);
        return new String(new RecordFrame().wrap(target.bytes(), 0).payload(), StandardCharsets.UTF_8);
    }

    /** Any JSON value, masked. */
    static String document(MaskingSession session, String json) {
        JsonTape tape = new JsonTape();
        try {
            tape.parseWhole(json.getBytes(StandardCharsets.UTF_8));
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException(json, e);
        }
        JsonWriter out = new JsonWriter(256);
        Outcome outcome = session.maskDocument(tape, out);
        return outcome instanceof Outcome.Failed failed
                ? failed.failure().code()
                : new String(out.bytes(), 0, out.length(), StandardCharsets.UTF_8);
    }
}
