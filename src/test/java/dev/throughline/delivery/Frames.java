package dev.throughline.delivery;

import dev.throughline.telemetry.Edits;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.nio.charset.StandardCharsets;

/** Frames and batches for tests, from JSON documents. */
final class Frames {
    static final long RECEIVED_MILLIS = 1_769_423_058_442L;
    static final long POLICY_HASH = 0x0123456789abcdefL;

    private final MaskedRecords records = new MaskedRecords();
    private final JsonTape tape = new JsonTape(new JsonTape.Limits(64, 65_536, 1 << 24));
    private final ReceivedRecord received = new ReceivedRecord(tape);
    private final Edits edits = new Edits();

    Frames add(Signal signal, String json, long id) {
        return add(signal, json, id, RECEIVED_MILLIS);
    }

    Frames add(Signal signal, String json, long id, long receivedMillis) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        try {
            tape.parseWhole(bytes);
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
        received.begin(signal, bytes, 0, bytes.length);
        for (int i = 0; i < RecordFrame.SLOTS; i++) {
            Field field = Field.ofOrdinal(i);
            int node = tape.member(0, field.utf8());
            if (node >= 0 && tape.kind(node) != JsonTape.NULL) {
                received.set(field, node);
            }
        }
        edits.reset();
        records.append(received, edits, new MaskedRecords.Stamp(receivedMillis, POLICY_HASH), 0, ~id, id);
        return this;
    }

    Frames log(String correlation, long id) {
        return add(
                Signal.LOG,
                "{\"tenant_id\":\"acme\",\"connector\":\"crm.sync\",\"correlation_id\":\"%s\",\"n\":%d}"
                        .formatted(correlation, id),
                id);
    }

    RecordBatch batch(Stream stream) {
        byte[] all = new byte[records.length()];
        int length = 0;
        for (int i = 0; i < records.chunks(); i++) {
            System.arraycopy(records.chunk(i), 0, all, length, records.chunkLength(i));
            length += records.chunkLength(i);
        }
        RecordBatch batch = new RecordBatch(stream, all);
        for (int at = 0; at < all.length; at += RecordFrame.claimedLength(all, at)) {
            batch.add(at);
        }
        return batch;
    }
}
