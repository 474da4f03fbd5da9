package dev.throughline.ingest;

/** What a request speaks: which records it brings, in which form, and how it is answered. */
record Protocol(Kind kind, Form form, Answers answers) {
    /** The records of a request. */
    enum Kind {
        EVENTS,
        OTLP_LOGS,
        OTLP_TRACES,
        OTLP_METRICS
    }

    /** How they are written. */
    enum Form {
        JSON,
        PROTOBUF,
        /** Protobuf in gRPC's length-prefixed messages. */
        GRPC
    }

    /** The label of metrics: {@code events}, {@code otlp_http_json}, {@code otlp_http_protobuf}, {@code otlp_grpc}. */
    String label() {
        if (kind == Kind.EVENTS) {
            return "events";
        }
        return switch (form) {
            case JSON -> "otlp_http_json";
            case PROTOBUF -> "otlp_http_protobuf";
            case GRPC -> "otlp_grpc";
        };
    }

    /** About what a byte of a body takes until its records are read: OTLP/JSON is parsed whole. */
    int bytesInMemory() {
        return form == Form.JSON && kind != Kind.EVENTS ? 3 : 1;
    }

    @Override
    public String toString() {
        return kind + " as " + form;
    }
}
