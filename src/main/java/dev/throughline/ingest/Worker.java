package dev.throughline.ingest;

import dev.throughline.ingest.otlp.OtlpDecoded;
import dev.throughline.ingest.otlp.OtlpProblem;
import dev.throughline.ingest.otlp.OtlpRecord;
import dev.throughline.ingest.otlp.OtlpRecords;
import dev.throughline.policy.ActivePolicy;
import dev.throughline.policy.Policy;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import org.jspecify.annotations.Nullable;

/** One thread's decoders and pipeline: from the bytes of a request to a filled {@link RequestBatch}. Not thread-safe. */
final class Worker implements EventReader.Sink, OtlpRecords {
    private final IngestConfig config;
    private final JsonTape tape;
    private final IngestSession session;
    private final EventReader events;
    private final BodyDecoder decoder;
    private final OtlpReaders otlp;

    Worker(IngestConfig config, ActivePolicy policy, IngestSession.Shared shared) {
        this.config = config;
        this.tape = new JsonTape(
                new JsonTape.Limits(config.depthMax(), config.tokensPerRecordMax(), config.fieldBytesMax()));
        this.session = new IngestSession(tape, shared, policy.current(), new RequestBatch());
        this.events = new EventReader(tape, config.recordsPerRequestMax());
        this.decoder = new BodyDecoder(config.decompressedBytesMax(), config.decompressionRatioMax());
        this.otlp = new OtlpReaders(config);
    }

    /** The outcome where the request as a whole is not taken; null where the batch is ready to be kept. */
    @Nullable Outcome decode(Exchange exchange, RequestBatch batch, Tally tally, Policy policy, long receivedMillis) {
        return null;
    }
}
