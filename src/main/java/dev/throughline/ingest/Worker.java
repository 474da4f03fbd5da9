package dev.throughline.ingest;

import dev.throughline.ingest.Protocol.Form;
import dev.throughline.ingest.Protocol.Kind;
import dev.throughline.ingest.otlp.GrpcFraming;
import dev.throughline.ingest.otlp.OtlpDecoded;
import dev.throughline.ingest.otlp.OtlpDecoder;
import dev.throughline.ingest.otlp.OtlpLimits;
import dev.throughline.ingest.otlp.OtlpProblem;
import dev.throughline.ingest.otlp.OtlpRecord;
import dev.throughline.ingest.otlp.OtlpRecords;
import dev.throughline.policy.ActivePolicy;
import dev.throughline.policy.ActivePolicy.InForce;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.Signal;
import org.jspecify.annotations.Nullable;

/** One thread's decoders and pipeline: from the bytes of a request to a filled {@link RequestBatch}. Not thread-safe. */
final class Worker implements EventReader.Sink, OtlpRecords {
    private static final int EXPECTED_BYTES_MAX = 20 << 20;

    private final JsonTape tape;
    private final IngestSession session;
    private final EventReader events;
    private final BodyDecoder bodies;
    private final OtlpDecoder otlp;

    Worker(IngestConfig config, ActivePolicy policy, IngestSession.Shared shared) {
        tape = new JsonTape(
                new JsonTape.Limits(config.depthMax(), config.tokensPerRecordMax(), config.fieldBytesMax()), true);
        session = new IngestSession(tape, shared, policy.inForce(), new RequestBatch());
        events = new EventReader(tape, config.recordsPerRequestMax());
        bodies = new BodyDecoder(config.decompressedBytesMax(), config.decompressionRatioMax());
        otlp = new OtlpDecoder(
                new OtlpLimits(
                        config.recordsPerRequestMax(),
                        config.depthMax(),
                        config.otlpJsonTokensMax(),
                        OtlpLimits.DEFAULT.jsonTokensKept()),
                tape);
    }

    /** The outcome where the request as a whole is not taken; null where the batch is ready to be kept. */
    @Nullable
    Outcome decode(Exchange exchange, RequestBatch batch, Tally tally, InForce policy, long receivedMillis) {
        session.begin(policy, batch, tally, receivedMillis);
        try {
            // A frame is a log of the usual length and half of it.
            batch.expect((int) Math.min(exchange.length() * 3L / 2, EXPECTED_BYTES_MAX));
            Outcome outcome = exchange.protocol().form() == Form.GRPC ? grpc(exchange) : http(exchange);
            return outcome == null && session.isOverfull()
                    ? new Outcome.TooLarge(
                            "request_expands_too_far", "The request comes to more than may be kept of one.")
                    : outcome;
        } finally {
            session.end();
            bodies.release();
            events.release();
        }
    }

    private @Nullable Outcome http(Exchange exchange) {
        return content(exchange, exchange.header("Content-Encoding"), exchange.body(), 0, exchange.length());
    }

    private @Nullable Outcome grpc(Exchange exchange) {
        return switch (GrpcFraming.parse(exchange.body(), 0, exchange.length())) {
            case GrpcFraming.Parsed.Malformed malformed ->
                new Outcome.Malformed(malformed.code(), "The body is not one gRPC message.");
            case GrpcFraming.Parsed.Message message ->
                content(
                        exchange,
                        message.compressed() ? exchange.header("grpc-encoding") : "",
                        exchange.body(),
                        message.from(),
                        message.to());
        };
    }

    private @Nullable Outcome content(Exchange exchange, String encoding, byte[] body, int from, int to) {
        return switch (bodies.decode(encoding, body, from, to)) {
            case DecodedBody.Content content
            when exchange.protocol().kind() == Kind.EVENTS ->
                events(exchange, content.bytes(), content.from(), content.to());
            case DecodedBody.Content content ->
                otlp(exchange.protocol(), content.bytes(), content.from(), content.to());
            case DecodedBody.TooLarge large ->
                new Outcome.TooLarge(large.code(), "The body is over a bound once it is decompressed.");
            case DecodedBody.Malformed malformed ->
                new Outcome.Malformed(malformed.code(), "The body is not what its encoding says.");
            case DecodedBody.Unsupported ignored ->
                new Outcome.Unsupported(
                        "unsupported_encoding", "Encodings are identity, gzip, deflate, zstd and snappy.");
        };
    }

    private @Nullable Outcome events(Exchange exchange, byte[] body, int from, int to) {
        session.headers(RequestHeaders.of(
                exchange.header("X-Correlation-Id"),
                exchange.header("X-Request-Id"),
                exchange.header("traceparent"),
                session::maskText));
        return events.read(body, from, to, this);
    }

    private @Nullable Outcome otlp(Protocol protocol, byte[] body, int from, int to) {
        Signal signal = signalOf(protocol.kind());
        OtlpDecoded decoded = protocol.form() == Form.JSON
                ? otlp.decodeJson(signal, body, from, to, this)
                : otlp.decodeProtobuf(signal, body, from, to, this);
        return switch (decoded) {
            case OtlpDecoded.Complete ignored -> null;
            case OtlpDecoded.Failed failed ->
                failed.problem().isBound()
                        ? new Outcome.TooLarge(failed.problem().label(), "The request is over a bound.")
                        : new Outcome.Malformed(
                                failed.problem().label(), "The body is not OTLP, at byte " + failed.offset() + ".");
        };
    }

    private static Signal signalOf(Kind kind) {
        return switch (kind) {
            case EVENTS, OTLP_LOGS -> Signal.LOG;
            case OTLP_TRACES -> Signal.SPAN;
            case OTLP_METRICS -> Signal.METRIC;
        };
    }

    @Override
    public void record(byte[] body, int from, int to) {
        session.take(Signal.LOG, body, from, to, 1);
    }

    @Override
    public void unreadable(JsonSyntaxException why, byte[] body, int from, int to) {
        session.unreadable(Signal.LOG, codeOf(why), body, from, to, 1);
    }

    @Override
    public void record(OtlpRecord record) {
        byte[] document = record.document();
        try {
            if (!record.isParsed()) {
                tape.parseWhole(document, 0, record.documentTo());
            }
        } catch (JsonSyntaxException e) {
            session.unreadable(record.signal(), codeOf(e), document, 0, record.documentTo(), record.points());
            return;
        }
        session.take(record.signal(), document, 0, record.documentTo(), record.points());
    }

    @Override
    public void refused(OtlpRecord record, OtlpProblem problem) {
        session.unreadable(
                record.signal(), problem.label(), record.document(), 0, record.documentTo(), record.points());
    }

    private static String codeOf(JsonSyntaxException why) {
        JsonSyntaxException.Problem problem = why.problem();
        boolean own = problem.isBound()
                || problem == JsonSyntaxException.Problem.DUPLICATE_KEY
                || problem == JsonSyntaxException.Problem.INVALID_UTF8;
        return own ? problem.label() : "malformed_json";
    }
}
