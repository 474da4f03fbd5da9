package dev.throughline.server;

import dev.throughline.delivery.PayloadEncoder;
import dev.throughline.telemetry.RecordFrame;

/** What Kafka gets: logs and quarantine entries as masked JSON, spans and metrics as OTLP protobuf. */
final class WireForm implements PayloadEncoder {
    @Override
    public byte[] encode(RecordFrame frame) {
        return switch (frame.signal()) {
            case LOG, QUARANTINE_ENTRY -> frame.payload();
            case SPAN, METRIC -> frame.payload();
        };
    }
}
