package dev.throughline.storage;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Builds frames as ingest would, field by field, into a batch. */
public final class FrameFixture {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final MaskedRecords records = new MaskedRecords();
    private final List<Integer> offsets = new ArrayList<>();

    /** One record to be. */
    public static final class Event {
        final Map<Field, String> fields = new EnumMap<>(Field.class);
        Signal signal = Signal.LOG;
        long receivedMillis;
        long idHigh;
        long idLow;
        int flags;
        String more = "";

        public static Event log(long id, String correlation, String received) {
            Event event = new Event();
            event.idHigh = id * 0x9E3779B97F4A7C15L;
            event.idLow = id * 0xC2B2AE3D27D4EB4FL + 1;
            event.receivedMillis = Instant.parse(received).toEpochMilli();
            if (!correlation.isEmpty()) {
                event.with(Field.CORRELATION_ID, correlation);
            }
            return event.with(Field.TIMESTAMP, received)
                    .with(Field.TENANT_ID, "acme_eu_01")
                    .with(Field.CONNECTOR, "crm_to_erp.order_sync")
                    .with(Field.ENTITY_TYPE, "order")
                    .with(Field.ENTITY_ID, "SO-" + id)
                    .with(Field.EVENT_NAME, "order.status.updated")
                    .with(Field.LEVEL, "INFO")
                    .with(Field.ATTEMPT, "1");
        }

        public Event with(Field field, String value) {
            fields.put(field, value);
            return this;
        }

        public Event without(Field field) {
            fields.remove(field);
            return this;
        }

        public Event received(String at) {
            receivedMillis = Instant.parse(at).toEpochMilli();
            return this;
        }

        public Event flags(int value) {
            flags = value;
            return this;
        }

        public Event signal(Signal value) {
            signal = value;
            return this;
        }

        /** Further members, as JSON, each with a comma before it. */
        public Event more(String members) {
            more = members;
            return this;
        }
    }

    public FrameFixture add(Event event) {
        JsonWriter out = new JsonWriter(512);
        int[] slots = new int[2 * RecordFrame.SLOTS];
        Arrays.fill(slots, -1);
        out.raw('{');
        event.fields.forEach((field, value) -> {
            out.member(field.key());
            int from = out.length() + 1;
            if (field == Field.ATTEMPT) {
                from--;
                out.ascii(value);
            } else {
                out.string(value);
            }
            slots[2 * field.ordinal()] = from;
            slots[2 * field.ordinal() + 1] = out.length() - from - (field == Field.ATTEMPT ? 0 : 1);
        });
        out.raw(event.more.getBytes(java.nio.charset.StandardCharsets.UTF_8)).raw('}');
        return add(event, out.bytes(), out.length(), slots);
    }

    /** A document of its own making, with slots at the given texts' only occurrence. */
    public FrameFixture document(Event event, String payload) {
        int[] slots = new int[2 * RecordFrame.SLOTS];
        Arrays.fill(slots, -1);
        byte[] bytes = payload.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        event.fields.forEach((field, value) -> {
            int at = payload.indexOf(value);
            if (field.ordinal() < RecordFrame.SLOTS && at >= 0) {
                slots[2 * field.ordinal()] = at;
                slots[2 * field.ordinal() + 1] = value.length();
            }
        });
        return add(event, bytes, bytes.length, slots);
    }

    private FrameFixture add(Event event, byte[] payload, int length, int[] slots) {
        int at = records.append(
                event.signal,
                payload,
                length,
                slots,
                new MaskedRecords.Stamp(event.receivedMillis, 7),
                event.idHigh,
                event.idLow);
        if (event.flags != 0) {
            flag(at, event.flags);
        }
        offsets.add(records.length() - RecordFrame.claimedLength(records.bytes(), at));
        return this;
    }

    private void flag(int at, int flags) {
        byte[] bytes = records.bytes();
        bytes[at + 10] = (byte) flags;
        CRC32C crc = new CRC32C();
        crc.update(bytes, at + 8, RecordFrame.claimedLength(bytes, at) - 8);
        INTS.set(bytes, at + 4, (int) crc.getValue());
    }

    public RecordBatch batch(Stream stream) {
        byte[] all = new byte[records.length()];
        int length = 0;
        for (int i = 0; i < records.chunks(); i++) {
            System.arraycopy(records.chunk(i), 0, all, length, records.chunkLength(i));
            length += records.chunkLength(i);
        }
        RecordBatch batch = new RecordBatch(stream, all);
        offsets.forEach(batch::add);
        return batch;
    }

    public FrameFixture clear() {
        records.reset(Integer.MAX_VALUE);
        offsets.clear();
        return this;
    }

    /** {@code corr_} and a ULID of this time and these random bits. */
    public static String correlation(long millis, long random) {
        String digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        StringBuilder id = new StringBuilder("corr_");
        for (int shift = 45; shift >= 0; shift -= 5) {
            id.append(digits.charAt((int) (millis >>> shift & 31)));
        }
        for (int i = 0; i < 16; i++) {
            id.append(digits.charAt((int) (Long.rotateLeft(random * 0x9E3779B97F4A7C15L, 5 * i) & 31)));
        }
        return id.toString();
    }
}
