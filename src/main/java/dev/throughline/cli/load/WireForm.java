package dev.throughline.cli.load;

import java.util.List;

/** How events travel: path, content type and rendering. */
public enum WireForm {
    NDJSON("/v1/events", "application/x-ndjson", Port.HTTP) {
        @Override
        public RequestBody render(List<Event> events) {
            return StructuredJson.render(events);
        }
    },
    OTLP_PROTOBUF_LOGS("/v1/logs", "application/x-protobuf", Port.OTLP_HTTP) {
        @Override
        public RequestBody render(List<Event> events) {
            return OtlpProtobuf.logs(events);
        }
    },
    OTLP_JSON_LOGS("/v1/logs", "application/json", Port.OTLP_HTTP) {
        @Override
        public RequestBody render(List<Event> events) {
            return OtlpJson.logs(events);
        }
    },
    OTLP_PROTOBUF_SPANS("/v1/traces", "application/x-protobuf", Port.OTLP_HTTP) {
        @Override
        public RequestBody render(List<Event> events) {
            return OtlpProtobuf.spans(events);
        }
    };

    /** Which of the program's ports takes it. */
    public enum Port {
        HTTP,
        OTLP_HTTP
    }

    private final String path;
    private final String contentType;
    private final Port port;

    WireForm(String path, String contentType, Port port) {
        this.path = path;
        this.contentType = contentType;
        this.port = port;
    }

    /** One request of these events; neighbours with the same origin share a resource in OTLP. */
    public abstract RequestBody render(List<Event> events);

    public String path() {
        return path;
    }

    public String contentType() {
        return contentType;
    }

    public Port port() {
        return port;
    }
}
