package dev.throughline.delivery;

import dev.throughline.delivery.KafkaHeaders.ReusedHeader;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The message of a frame: key and headers as the package says. One instance serves a lane, moved from frame to frame: {@code
 * KafkaProducer.send} copies key, value and headers into its buffer before it returns and keeps no reference to the record
 * (kafka-clients 4.1.1, {@code KafkaProducer.AppendCallbacks}). Not thread-safe.
 */
final class KafkaMessage extends ProducerRecord<byte[], byte[]> {
    private static final int TRACE_ID_BYTES = 32;
    private static final int SPAN_ID_BYTES = 16;
    private static final int RECORD_ID_BYTES = 32;
    private static final byte[] NONE = new byte[0];
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRACEPARENT =
            "00-00000000000000000000000000000000-0000000000000000-01".getBytes(StandardCharsets.US_ASCII);

    private final KafkaHeaders headers = new KafkaHeaders();
    private final ReusedHeader correlation = new ReusedHeader("correlation-id", NONE);
    private final Known tenants = new Known("tenant-id");
    private final Known connectors = new Known("connector");
    private final ReusedHeader recordId = new ReusedHeader("record-id", new byte[RECORD_ID_BYTES]);
    private final ReusedHeader schema = new ReusedHeader("schema", NONE);
    private final ReusedHeader traceparent = new ReusedHeader("traceparent", TRACEPARENT.clone());
    private @Nullable Signal schemaSignal;
    private long schemaPolicy;
    private byte[] keyBuffer = NONE;
    private byte @Nullable [] key;
    private byte[] value = NONE;
    private Long timestamp = 0L;

    KafkaMessage(String topic) {
        super(topic, NONE);
    }

    KafkaMessage of(RecordFrame frame, byte[] payload) {
        value = payload;
        if (timestamp != frame.receivedMillis()) {
            timestamp = frame.receivedMillis();
        }
        headers.clear();
        boolean correlated = frame.has(Field.CORRELATION_ID);
        if (correlated) {
            copy(frame, Field.CORRELATION_ID, correlation);
            headers.add(correlation);
        }
        Header tenant = tenants.of(frame, Field.TENANT_ID);
        Header connector = connectors.of(frame, Field.CONNECTOR);
        if (tenant != null) {
            headers.add(tenant);
        }
        if (connector != null) {
            headers.add(connector);
        }
        hex(frame.idHigh(), recordId.value(), 0);
        hex(frame.idLow(), recordId.value(), 16);
        headers.add(recordId);
        nameSchema(frame);
        headers.add(schema);
        boolean traced = writeTraceparent(frame);
        if (traced) {
            headers.add(traceparent);
        }
        makeKey(frame, tenant == null ? NONE : tenant.value(), correlated, connector);
        return this;
    }

    /** {@code tenant:subject}; {@code null}, which any partition may have, where the record has neither. */
    private void makeKey(RecordFrame frame, byte[] tenant, boolean correlated, @Nullable Header connector) {
        byte[] subject = correlated
                ? correlation.value()
                : frame.has(Field.TRACE_ID) ? raw(frame, Field.TRACE_ID) : connector == null ? NONE : connector.value();
        int length = tenant.length + 1 + subject.length;
        if (length == 1) {
            key = null;
            return;
        }
        if (keyBuffer.length != length) {
            keyBuffer = new byte[length];
        }
        System.arraycopy(tenant, 0, keyBuffer, 0, tenant.length);
        keyBuffer[tenant.length] = ':';
        System.arraycopy(subject, 0, keyBuffer, tenant.length + 1, subject.length);
        key = keyBuffer;
    }

    private boolean writeTraceparent(RecordFrame frame) {
        if (!frame.has(Field.TRACE_ID)
                || !frame.has(Field.SPAN_ID)
                || frame.fieldLength(Field.TRACE_ID) != TRACE_ID_BYTES
                || frame.fieldLength(Field.SPAN_ID) != SPAN_ID_BYTES) {
            return false;
        }
        byte[] text = traceparent.value();
        System.arraycopy(frame.bytes(), frame.fieldOffset(Field.TRACE_ID), text, 3, TRACE_ID_BYTES);
        System.arraycopy(frame.bytes(), frame.fieldOffset(Field.SPAN_ID), text, 36, SPAN_ID_BYTES);
        return true;
    }

    private void nameSchema(RecordFrame frame) {
        Signal signal = frame.signal();
        if (schemaSignal == signal && schemaPolicy == frame.policyHash()) {
            return;
        }
        schemaSignal = signal;
        schemaPolicy = frame.policyHash();
        byte[] hash = new byte[16];
        hex(schemaPolicy, hash, 0);
        String text = document(signal) + ";policy=" + new String(hash, StandardCharsets.US_ASCII);
        schema.value(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String document(Signal signal) {
        return switch (signal) {
            case LOG -> "integration-log/v1";
            case SPAN -> "integration-span/v1";
            case METRIC -> "integration-metric/v1";
            case QUARANTINE_ENTRY -> "quarantine-entry/v1";
        };
    }

    private static void copy(RecordFrame frame, Field field, ReusedHeader header) {
        if (isEscaped(frame, field)) {
            header.value(raw(frame, field));
            return;
        }
        int length = frame.fieldLength(field);
        System.arraycopy(frame.bytes(), frame.fieldOffset(field), header.ofLength(length), 0, length);
    }

    /** The field's text in UTF-8, escapes decoded. */
    private static byte[] raw(RecordFrame frame, Field field) {
        if (isEscaped(frame, field)) {
            return frame.text(field).getBytes(StandardCharsets.UTF_8);
        }
        int from = frame.fieldOffset(field);
        return Arrays.copyOfRange(frame.bytes(), from, from + frame.fieldLength(field));
    }

    private static boolean isEscaped(RecordFrame frame, Field field) {
        byte[] source = frame.bytes();
        int from = frame.fieldOffset(field);
        int to = from + frame.fieldLength(field);
        for (int i = from; i < to; i++) {
            if (source[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    private static void hex(long number, byte[] target, int at) {
        for (int i = 0; i < 16; i++) {
            target[at + 15 - i] = HEX[(int) (number >>> (4 * i)) & 0xF];
        }
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    @SuppressWarnings("NullAway") // Kafka allows a null key and declares nothing
    public byte[] key() {
        return key;
    }

    @Override
    public byte[] value() {
        return value;
    }

    @Override
    public Long timestamp() {
        return timestamp;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** Never content. */
    @Override
    public String toString() {
        return "KafkaMessage[" + topic() + ", " + value.length + " bytes]";
    }

    /** The last values of one header, found by the text they were made from: most records share a few. */
    private static final class Known {
        private static final int ENTRIES_MAX = 256;

        private final String name;
        private final @Nullable Header[] entries = new Header[ENTRIES_MAX];

        Known(String name) {
            this.name = name;
        }

        @Nullable
        Header of(RecordFrame frame, Field field) {
            if (!frame.has(field)) {
                return null;
            }
            byte[] source = frame.bytes();
            int from = frame.fieldOffset(field);
            int to = from + frame.fieldLength(field);
            int hash = to - from;
            for (int i = from; i < to; i++) {
                hash = hash * 31 + source[i];
            }
            int slot = (hash ^ hash >>> 16) & (ENTRIES_MAX - 1);
            Header known = entries[slot];
            if (known != null && Arrays.equals(known.value(), 0, known.value().length, source, from, to)) {
                return known;
            }
            Header made = new ReusedHeader(name, raw(frame, field));
            entries[slot] = made;
            return made;
        }
    }
}
