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
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One thread's decoders and pipeline: from the bytes of a request to a filled {@link RequestBatch}. Not thread-safe. */
final class Worker implements EventReader.Sink, OtlpRecords {
    /** Any request may come to so much, however small it is. */
    private static final int EXPANDED_BYTES_FREE = 1 << 20;
    /** By how much more the bytes as sent may expand than the decompressed ones: text of records compresses up to so far. */
    private static final int COMPRESSION_OF_RECORDS = 16;

    private static final int TOKEN_BYTES = 16;
    /** A token of JSON is at least two bytes, for all but a few. */
    private static final int TOKEN_BYTES_A_BYTE = TOKEN_BYTES / 2;

    private final IngestConfig config;
    private final IngestMetrics metrics;
    private final FailedRequests failures;
    private final JsonTape tape;
    private final IngestSession session;
    private final EventReader events;
    private final BodyDecoder bodies;
    private final OtlpDecoder otlp;

    private RequestBatch batch = new RequestBatch();
    /** Taken for the parsed form of the body in work before it is known how much it is. */
    private long parsing;

    Worker(IngestConfig config, ActivePolicy policy, IngestSession.Shared shared, FailedRequests failures) {
        this.config = config;
        this.metrics = shared.metrics();
        this.failures = failures;
        tape = new JsonTape(
                new JsonTape.Limits(config.depthMax(), config.tokensPerRecordMax(), config.fieldBytesMax()), true);
        session = new IngestSession(tape, shared, policy.inForce(), new RequestBatch());
        events = new EventReader(tape, config.recordsPerRequestMax());
        bodies = new BodyDecoder(config.decompressedBytesMax(), config.decompressionRatioMax());
        otlp = new OtlpDecoder(
                new OtlpLimits(
                        config.recordsPerRequestMax(),
                        config.depthMax(),
                        OtlpLimits.DEFAULT.documentBytesMax(),
                        config.otlpJsonTokensMax(),
                        OtlpLimits.DEFAULT.jsonTokensKept()),
                tape);
    }

    /**
     * The outcome where the request as a whole is not taken; null where the batch is ready to be kept. What fails for a reason that
     * nobody expects is to come again once; what fails again is kept in quarantine without its body and refused, so that it does not
     * come for ever.
     */
    @Nullable
    Outcome decode(ReceivedRequest request, RequestBatch target, Tally tally, InForce policy, long receivedMillis) {
        try {
            return decodeOnce(request, target, tally, policy, receivedMillis);
        } catch (RequestOverBound e) {
            return new Outcome.TooLarge(
                    "request_expands_too_far",
                    "The request comes to more than may be kept of one: send fewer records.");
        } catch (RequestMustWait e) {
            return busy();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            metrics.failed(e);
            if (!failures.isAgain(session.hash(request.body(), 0, request.length()))) {
                return busy();
            }
            target.reset();
            int records = Math.max(1, tally.received());
            tally.clear();
            session.begin(policy, target, tally, receivedMillis);
            session.refuseWhole(signalOf(request.protocol().kind()), request.body(), request.length(), records);
            session.end();
            return null;
        }
    }

    private Outcome busy() {
        return new Outcome.Unavailable("busy", Duration.ofMillis(config.retryAfterMs()));
    }

    private @Nullable Outcome decodeOnce(
            ReceivedRequest request, RequestBatch target, Tally tally, InForce policy, long receivedMillis) {
        batch = target;
        parsing = 0;
        bodies.begin(target.memory());
        session.begin(policy, target, tally, receivedMillis);
        try {
            Outcome outcome = request.protocol().form() == Form.GRPC ? grpc(request) : http(request);
            if (outcome == null) {
                batch.requireRoom(0, 0);
            }
            return outcome;
        } finally {
            session.end();
            bodies.release();
            events.release();
            target.memory().give(parsing);
        }
    }

    private @Nullable Outcome http(ReceivedRequest request) {
        return content(request, request.header("Content-Encoding"), request.body(), 0, request.length());
    }

    private @Nullable Outcome grpc(ReceivedRequest request) {
        return switch (GrpcFraming.parse(request.body(), 0, request.length())) {
            case GrpcFraming.Parsed.Malformed malformed ->
                new Outcome.Malformed(malformed.code(), "The body is not one gRPC message.");
            case GrpcFraming.Parsed.Message message ->
                content(
                        request,
                        message.compressed() ? request.header("grpc-encoding") : "",
                        request.body(),
                        message.from(),
                        message.to());
        };
    }

    private @Nullable Outcome content(ReceivedRequest request, String encoding, byte[] body, int from, int to) {
        return switch (bodies.decode(encoding, body, from, to)) {
            case DecodedBody.Content content
            when request.protocol().kind() == Kind.EVENTS ->
                events(request, content.bytes(), content.from(), content.to());
            case DecodedBody.Content content -> otlp(request, content.bytes(), content.from(), content.to());
            case DecodedBody.TooLarge large ->
                new Outcome.TooLarge(large.code(), "The body is over a bound once it is decompressed.");
            case DecodedBody.Malformed malformed ->
                new Outcome.Malformed(malformed.code(), "The body is not what its encoding says.");
            case DecodedBody.Unsupported ignored ->
                new Outcome.Unsupported(
                        "unsupported_encoding", "Encodings are identity, gzip, deflate, zstd and snappy.");
        };
    }

    private void bound(ReceivedRequest request, int decompressedBytes) {
        long bytes = Math.min(decompressedBytes, (long) request.length() * COMPRESSION_OF_RECORDS);
        long byRatio = bytes * config.expansionRatioMax();
        batch.bound(Math.min(config.expandedBytesMax(), Math.max(EXPANDED_BYTES_FREE, byRatio)));
    }

    private @Nullable Outcome events(ReceivedRequest request, byte[] body, int from, int to) {
        bound(request, to - from);
        session.headers(RequestHeaders.of(
                request.header("X-Correlation-Id"),
                request.header("X-Request-Id"),
                request.header("traceparent"),
                session::maskText));
        return events.read(body, from, to, this);
    }

    private @Nullable Outcome otlp(ReceivedRequest request, byte[] body, int from, int to) {
        bound(request, to - from);
        Protocol protocol = request.protocol();
        Signal signal = signalOf(protocol.kind());
        if (protocol.form() == Form.JSON) {
            hold(Math.min((long) config.otlpJsonTokensMax() * TOKEN_BYTES, (to - from) * (long) TOKEN_BYTES_A_BYTE));
        }
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
    public void expect(int records, long sharedBytes, long heldBytes) {
        hold(heldBytes);
        batch.requireRoom(records, sharedBytes);
    }

    private void hold(long parsedBytes) {
        batch.memory().give(parsing);
        parsing = 0;
        batch.memory().take(parsedBytes);
        parsing = parsedBytes;
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

    @Override
    public void failed(OtlpRecord record, Throwable why) {
        session.failed(why, record.signal(), record.source(), record.sourceFrom(), record.sourceTo(), record.points());
    }

    private static String codeOf(JsonSyntaxException why) {
        JsonSyntaxException.Problem problem = why.problem();
        boolean own = problem.isBound()
                || problem == JsonSyntaxException.Problem.DUPLICATE_KEY
                || problem == JsonSyntaxException.Problem.INVALID_UTF8;
        return own ? problem.label() : "malformed_json";
    }
}
