package dev.throughline.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.throughline.Defects;
import dev.throughline.cli.load.Event;
import dev.throughline.cli.load.ReferenceEvents;
import dev.throughline.cli.load.WireForm;
import dev.throughline.contract.TraceJoins;
import dev.throughline.ingest.otlp.OtlpDecoder;
import dev.throughline.ingest.otlp.OtlpLimits;
import dev.throughline.ingest.otlp.OtlpProblem;
import dev.throughline.ingest.otlp.OtlpRecord;
import dev.throughline.ingest.otlp.OtlpRecords;
import dev.throughline.policy.ActivePolicy.InForce;
import dev.throughline.policy.PolicyLoader;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.Signal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The pure part of ingest in a plain loop: CPU nanoseconds an event, and token walks. Not a test. */
public final class PipelineBenchmark {
    private static final int BODIES = 40;
    private static final int EVENTS = 500;

    private PipelineBenchmark() {}

    public static void main(String[] args) throws IOException {
        WireForm form = args.length > 1 ? WireForm.valueOf(args[1]) : WireForm.NDJSON;
        List<byte[]> bodies = new ArrayList<>();
        List<byte[]> lines = new ArrayList<>();
        ReferenceEvents events = new ReferenceEvents(1, Instant.parse("2026-01-26T10:24:18Z"), BODIES * EVENTS);
        for (int b = 0; b < BODIES; b++) {
            StringBuilder body = new StringBuilder();
            List<Event> some = new ArrayList<>();
            for (int i = 0; i < EVENTS; i++) {
                some.add(events.event(b * EVENTS + i));
            }
            bodies.add(form.render(some).bytes());
            lines.add(WireForm.NDJSON.render(some).bytes());
        }
        PolicyLoader loader = new PolicyLoader();
        InForce policy = new InForce(args.length > 2 ? loader.load(Path.of(args[2])) : loader.builtIn(), null);
        IngestSession.Shared shared = new IngestSession.Shared(
                new TraceJoins(65_536),
                new RecentRecords(1 << 17),
                new byte[16],
                new IngestMetrics(new SimpleMeterRegistry(), new Defects(new SimpleMeterRegistry())));
        JsonTape tape = new JsonTape(new JsonTape.Limits(32, 10_000, 131_072), true);
        IngestSession session = new IngestSession(tape, shared, policy, new RequestBatch());
        EventReader reader = new EventReader(tape, 50_000);
        RequestBatch batch = new RequestBatch();
        EventReader.Sink sink = new EventReader.Sink() {
            @Override
            public void record(byte[] body, int from, int to) {
                session.take(Signal.LOG, body, from, to, 1);
            }

            @Override
            public void unreadable(JsonSyntaxException why, byte[] body, int from, int to) {
                throw new IllegalStateException(why.getMessage());
            }
        };
        OtlpDecoder otlp = new OtlpDecoder(OtlpLimits.DEFAULT, tape);
        OtlpRecords documents = new OtlpRecords() {
            @Override
            public void record(OtlpRecord record) {
                try {
                    if (!record.isParsed()) {
                        tape.parseWhole(record.document(), 0, record.documentTo());
                    }
                } catch (JsonSyntaxException e) {
                    throw new IllegalStateException(e);
                }
                session.take(record.signal(), record.document(), 0, record.documentTo(), record.points());
            }

            @Override
            public void refused(OtlpRecord record, OtlpProblem problem) {
                throw new IllegalStateException(problem.label());
            }
        };
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 15;
        for (int round = 0; round < rounds; round++) {
            long walk = cpu();
            for (byte[] body : lines) {
                walk(body);
            }
            walk = cpu() - walk;
            long run = cpu();
            for (int pass = 0; pass < 5; pass++) {
                for (byte[] body : bodies) {
                    batch.reset();
                    Tally tally = new Tally(100, 100);
                    session.begin(policy, batch, tally, 1);
                    if (form == WireForm.NDJSON) {
                        reader.read(body, 0, body.length, sink);
                    } else if (form == WireForm.OTLP_JSON_LOGS) {
                        otlp.decodeJson(Signal.LOG, body, 0, body.length, documents);
                    } else {
                        Signal signal = form == WireForm.OTLP_PROTOBUF_SPANS ? Signal.SPAN : Signal.LOG;
                        otlp.decodeProtobuf(signal, body, 0, body.length, documents);
                    }
                    session.end();
                    if (tally.accepted() != EVENTS) {
                        throw new IllegalStateException("accepted " + tally.accepted());
                    }
                }
            }
            run = (cpu() - run) / 5;
            System.out.printf(
                    "walk %d ns, pipeline %d ns an event = %.2f TW%n",
                    walk / (BODIES * EVENTS), run / (BODIES * EVENTS), (double) run / walk);
        }
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static final JsonFactory JSON = new JsonFactory();

    private static void walk(byte[] body) throws IOException {
        try (JsonParser parser = JSON.createParser(body)) {
            while (parser.nextToken() != null) {
                continue;
            }
        }
    }
}
