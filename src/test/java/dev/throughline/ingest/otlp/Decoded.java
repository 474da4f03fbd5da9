package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.Signal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a decoder handed on, copied; each document must parse, which also shows that no name is in it twice. */
final class Decoded implements OtlpRecords {
    final List<byte[]> documents = new ArrayList<>();
    final List<Integer> points = new ArrayList<>();
    final List<OtlpProblem> refusals = new ArrayList<>();
    final List<byte[]> sources = new ArrayList<>();
    private final byte[] body;
    private final JsonTape tape = new JsonTape();
    private OtlpDecoded outcome = new OtlpDecoded.Complete(0);

    private Decoded(byte[] body) {
        this.body = body;
    }

    static Decoded protobuf(OtlpDecoder decoder, Signal signal, byte[] body) {
        Decoded decoded = new Decoded(body);
        decoded.outcome = decoder.decodeProtobuf(signal, body, 0, body.length, decoded);
        return decoded;
    }

    static Decoded json(OtlpDecoder decoder, Signal signal, byte[] body) {
        Decoded decoded = new Decoded(body);
        decoded.outcome = decoder.decodeJson(signal, body, 0, body.length, decoded);
        return decoded;
    }

    static Decoded json(Signal signal, String body) {
        return json(new OtlpDecoder(OtlpLimits.DEFAULT), signal, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Where it failed. */
    int failedAt() {
        return outcome instanceof OtlpDecoded.Failed failed ? failed.offset() : -1;
    }

    OtlpDecoded outcome() {
        return outcome;
    }

    List<String> texts() {
        return documents.stream()
                .map(d -> new String(d, StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void record(OtlpRecord record) {
        byte[] document = Arrays.copyOf(record.document(), record.documentTo());
        try {
            tape.parseWhole(document);
        } catch (JsonSyntaxException e) {
            throw new AssertionError(new String(document, StandardCharsets.UTF_8), e);
        }
        documents.add(document);
        points.add(record.points());
        sources.add(Arrays.copyOfRange(body, record.sourceFrom(), record.sourceTo()));
    }

    @Override
    public void refused(OtlpRecord record, OtlpProblem problem) {
        refusals.add(problem);
    }
}
