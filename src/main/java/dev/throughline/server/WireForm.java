package dev.throughline.server;

import dev.throughline.delivery.PayloadEncoder;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.otlp.OtlpProtobufWriter;

/** What Kafka gets: logs and quarantine entries as masked JSON, spans and metrics as OTLP protobuf. Thread-safe. */
final class WireForm implements PayloadEncoder {
    private static final int KEEP_BYTES = 64 << 10;

    /** One a lane; the lanes live as long as the process. */
    private final ThreadLocal<OtlpProtobufWriter> writers = ThreadLocal.withInitial(OtlpProtobufWriter::new);

    @Override
    public byte[] encode(RecordFrame frame) {
        return switch (frame.signal()) {
            case LOG, QUARANTINE_ENTRY -> frame.payload();
            case SPAN, METRIC -> protobuf(frame);
        };
    }

    private byte[] protobuf(RecordFrame frame) {
        OtlpProtobufWriter writer = writers.get();
        writer.reset(KEEP_BYTES);
        int from = frame.payloadOffset();
        if (!writer.append(frame.signal(), frame.bytes(), from, from + frame.payloadLength())) {
            throw new IllegalArgumentException("not a compact OTLP document");
        }
        return writer.toByteArray();
    }
}
