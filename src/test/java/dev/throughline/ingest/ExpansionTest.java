package dev.throughline.ingest;

import static dev.throughline.ingest.HostileRequests.events;
import static dev.throughline.ingest.HostileRequests.logs;
import static dev.throughline.ingest.HostileRequests.otlp;
import static dev.throughline.ingest.HostileRequests.resource;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import dev.throughline.Defects;
import dev.throughline.contract.TraceJoins;
import dev.throughline.ingest.HostileRequests.Sent;
import dev.throughline.ingest.Protocol.Form;
import dev.throughline.ingest.Protocol.Kind;
import dev.throughline.policy.ActivePolicy;
import dev.throughline.policy.PolicyLoader;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a request comes to on disk, and what it takes of memory on the way, is bounded by what it is, whatever it is. */
class ExpansionTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MIB = 1L << 20;
    private static final int SEEDS = 40;

    private final IngestConfig config =
            new SmallRyeConfigBuilder().withMapping(IngestConfig.class).build().getConfigMapping(IngestConfig.class);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ActivePolicy policy = new ActivePolicy(new PolicyLoader().builtIn());
    private final Semaphore largePlace = new Semaphore(1);
    private final Worker worker = new Worker(
            config,
            policy,
            new IngestSession.Shared(
                    new TraceJoins(1_024),
                    new RecentRecords(1 << 17),
                    new byte[16],
                    new IngestMetrics(registry, new Defects(registry))),
            new FailedRequests());

    private Memory memory = new Memory();
    private RequestBatch batch = new RequestBatch(memory);
    private Tally tally = new Tally(100, 1_000);
    private long allocated;

    /** What a request holds at most; fails where it is told to. */
    private final class Memory extends RequestMemory {
        private long most;
        private int takesToFailure = Integer.MAX_VALUE;

        Memory() {
            super(largePlace, 8 * MIB, config.requestMemoryBytesMax(), 100);
        }

        @Override
        void take(long bytes) {
            if (--takesToFailure == 0) {
                throw new IllegalStateException("provoked");
            }
            super.take(bytes);
            most = Math.max(most, held());
        }
    }

    private Outcome decode(Sent sent) {
        memory.end();
        memory = new Memory();
        return decodeInto(sent);
    }

    private Outcome decodeInto(Sent sent) {
        batch = new RequestBatch(memory);
        tally = new Tally(100, 1_000);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Outcome outcome = worker.decode(sent, batch, tally, policy.inForce(), 1);
        allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        return outcome;
    }

    private int frames() {
        int frames = 0;
        CRC32C crc = new CRC32C();
        for (Stream stream : Stream.values()) {
            var records = batch.records(stream);
            for (int chunk = 0; chunk < records.chunks(); chunk++) {
                int at = 0;
                while (at < records.chunkLength(chunk)) {
                    int length = RecordFrame.lengthIfValid(records.chunk(chunk), at, records.chunkLength(chunk), crc);
                    assertThat(length).isPositive();
                    at += length;
                    frames++;
                }
            }
        }
        return frames;
    }

    private void isConserved() {
        assertThat(tally.accepted() + tally.refused()).isEqualTo(tally.received());
        assertThat(batch.records(Stream.QUARANTINE).count()).isEqualTo(tally.refused());
        assertThat(frames()).isEqualTo(tally.received() - tally.duplicates());
    }

    private static void expandsTooFar(Outcome outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.TooLarge.class,
                        large -> assertThat(large.code()).isEqualTo("request_expands_too_far"));
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void manyRecordsUnderALargeResourceAreRefusedBeforeADocumentIsWritten(Form form) {
        Sent sent = otlp(Kind.OTLP_LOGS, form, logs(resource(8_000), form == Form.JSON ? 8_000 : 2_000, 0));
        decode(sent);
        expandsTooFar(decode(sent));
        assertThat(batch.bytes()).isZero();
        assertThat(tally.received()).isZero();
        assertThat(allocated).isLessThan(MIB);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aCollectorsBatchIsTakenWhole(Form form) {
        Sent sent = otlp(Kind.OTLP_LOGS, form, logs(resource(3_000), 8_192, 300));
        assertThat(decode(sent)).isNull();
        assertThat(tally.accepted()).isEqualTo(8_192);
        assertThat((long) batch.bytes()).isBetween(24 * MIB, 32 * MIB);
        isConserved();
        assertThat(memory.most).isLessThan(48 * MIB);
        assertThat(decode(sent.gzip())).isNull();
        assertThat(tally.accepted()).isEqualTo(8_192);
    }

    @Test
    void aFewCompressedBytesComeToLittle() {
        ScopeLogs.Builder same = ScopeLogs.newBuilder();
        for (int i = 0; i < 49_999; i++) {
            same.addLogRecords(LogRecord.newBuilder().setSeverityNumberValue(9));
        }
        ExportLogsServiceRequest request = ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(
                        ResourceLogs.newBuilder().setResource(resource(100)).addScopeLogs(same))
                .build();
        Sent sent = otlp(Kind.OTLP_LOGS, Form.PROTOBUF, request).gzip();
        assertThat(sent.length()).isLessThan(1_000);
        expandsTooFar(decode(sent));
        assertThat((long) batch.bytes()).isLessThan(MIB);
        assertThat(tally.received()).isLessThan(10_000);
    }

    @Test
    void shortLinesUnderAResourceOfLabelsAreTaken() {
        assertThat(decode(otlp(Kind.OTLP_LOGS, Form.PROTOBUF, logs(resource(3_000), 8_192, 10))))
                .isNull();
        assertThat(decode(otlp(Kind.OTLP_LOGS, Form.PROTOBUF, logs(resource(8_000), 512, 80))))
                .isNull();
        assertThat(tally.accepted()).isEqualTo(512);
    }

    @Test
    void hostileRequestsAreBoundedByWhatTheyAre() {
        String only = System.getProperty("seed");
        int first = only == null ? 0 : Integer.parseInt(only);
        int taken = 0;
        int refused = 0;
        for (int seed = first; seed < (only == null ? SEEDS : first + 1); seed++) {
            Sent sent = new HostileRequests(new Random(seed)).next();
            Outcome outcome = decode(sent);
            String as = "-Dseed=" + seed + ": " + sent + " -> " + outcome + ", " + tally.received() + " records, "
                    + batch.bytes() + " bytes, held " + memory.most + ", allocated " + allocated;
            assertThat(outcome instanceof Outcome.Unavailable).as(as).isFalse();
            assertThat(memory.most).as(as).isLessThanOrEqualTo(48 * MIB);
            // What was not asked for is the worker's own: buffers that grow to one document's bound, and garbage a
            // record.
            assertThat(allocated).as(as).isLessThan(3 * memory.most + 24 * MIB + 4_096L * tally.received());
            if (outcome == null) {
                long bound = Math.min(32 * MIB, Math.max(MIB, 64 * sent.decompressed()));
                assertThat((long) batch.bytes()).as(as).isLessThanOrEqualTo(bound);
                isConserved();
                taken++;
            } else {
                refused++;
            }
            memory.end();
            assertThat(largePlace.availablePermits()).isEqualTo(1);
        }
        assertThat(registry.find("throughline_defects").counters()).isEmpty();
        assertThat(only != null || (taken > 10 && refused > 10))
                .as(taken + " taken, " + refused)
                .isTrue();
    }

    @Test
    void aRecordOfMillionsOfTokensIsPassedOverWithoutATapeOfIt() {
        assertThat(decode(events("{\"a\":[" + "0,".repeat(7_000_000) + "0]}\n{}")))
                .isNull();
        assertThat(tally.refusals())
                .extracting(Refusal::code)
                .startsWith("too_many_tokens")
                .hasSize(2);
        assertThat(allocated).isLessThan(4 * MIB);
        isConserved();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aDocumentThatCannotBeKeptIsNotWritten(Form form) {
        for (AnyValue value : new AnyValue[] {
            AnyValue.newBuilder().setStringValue("\u0001".repeat(1_500_000)).build(),
            AnyValue.newBuilder()
                    .setBytesValue(ByteString.copyFrom(new byte[1_600_000]))
                    .build()
        }) {
            LogRecord huge = LogRecord.newBuilder().setBody(value).build();
            ExportLogsServiceRequest request = ExportLogsServiceRequest.newBuilder()
                    .addResourceLogs(ResourceLogs.newBuilder()
                            .setResource(resource(0))
                            .addScopeLogs(ScopeLogs.newBuilder()
                                    .addLogRecords(huge)
                                    .addLogRecords(HostileRequests.log(1, 5))))
                    .build();
            Outcome outcome = decode(otlp(Kind.OTLP_LOGS, form, request));
            if (outcome == null) {
                assertThat(tally.accepted()).isEqualTo(1);
                assertThat(tally.refusals()).extracting(Refusal::code).containsExactly("too_large");
                isConserved();
            } else {
                assertThat(form).isEqualTo(Form.JSON); // A string over the bound, as it is written there.
                assertThat(outcome).isInstanceOf(Outcome.TooLarge.class);
            }
            assertThat(allocated).isLessThan(40 * MIB);
        }
    }

    @Test
    void aResourceThatCannotBeKeptRefusesTheRequest() {
        Resource huge = Resource.newBuilder()
                .addAttributes(HostileRequests.text("k", "\u0001".repeat(1_500_000)))
                .build();
        assertThat(decode(otlp(Kind.OTLP_LOGS, Form.PROTOBUF, logs(huge, 1, 5))))
                .isInstanceOfSatisfying(
                        Outcome.TooLarge.class,
                        large -> assertThat(large.code()).isEqualTo("too_large"));
    }

    @Test
    void recordsOfNothingComeToNoMoreThanTheirBound() {
        expandsTooFar(decode(events("{}".repeat(50_000))));
        assertThat((long) batch.bytes()).isLessThan(64 * 100_000 + MIB);
        assertThat(decode(events("{}".repeat(2_000)))).isNull();
        assertThat(tally.refused()).isEqualTo(2_000);
        assertThat((long) batch.bytes()).isLessThanOrEqualTo(MIB);
        isConserved();
    }

    @Test
    void aRefusedRecordThatIsLargeIsKeptWithoutItsBody() {
        assertThat(decode(events("{\"a\":" + " ".repeat(15_000_000) + "1}"))).isNull();
        assertThat(tally.refused()).isEqualTo(1);
        assertThat(batch.bytes()).isLessThan(4_096);
        assertThat(allocated).isLessThan(MIB);
        isConserved();
    }

    @Test
    void aLargeRequestWaitsForAnotherAndThenComesBack() {
        assertThat(decode(otlp(Kind.OTLP_LOGS, Form.PROTOBUF, logs(resource(3_000), 8_192, 300))))
                .isNull();
        Memory large = memory;
        memory = new Memory();
        assertThat(decode(otlp(Kind.OTLP_LOGS, Form.PROTOBUF, logs(resource(3_000), 8_192, 300))))
                .isInstanceOf(Outcome.Unavailable.class);
        assertThat(decode(otlp(Kind.OTLP_LOGS, Form.PROTOBUF, logs(resource(3_000), 500, 300))))
                .isNull();
        large.end();
        assertThat(decode(otlp(Kind.OTLP_LOGS, Form.PROTOBUF, logs(resource(3_000), 8_192, 300))))
                .isNull();
        assertThat(registry.find("throughline_defects").counters()).isEmpty();
    }

    @Test
    void aRecordThatFailsIsRefusedAloneAndKeptWithoutItsBody() {
        Sent sent = otlp(Kind.OTLP_LOGS, Form.PROTOBUF, logs(resource(1_000), 200, 100));
        memory.takesToFailure = 3;
        assertThat(decodeInto(sent)).isNull();
        assertThat(tally.accepted()).isEqualTo(199);
        assertThat(tally.refusals()).extracting(Refusal::code).containsExactly("processing_failed");
        isConserved();
        var quarantined = batch.records(Stream.QUARANTINE);
        assertThat(new RecordFrame().wrap(quarantined.bytes(), 0).payload())
                .asString()
                .contains("processing_failed")
                .doesNotContain("\"record\"", "xxxx");
        assertThat(registry.get("throughline_defects").counter().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aRequestThatFailsAgainIsRefusedAndKeptWithoutItsBody(Form form) {
        Sent sent = form == Form.JSON
                ? events("{}").gzip()
                : otlp(Kind.OTLP_LOGS, form, logs(resource(1_000), 20, 100)).gzip();
        for (int time = 0; time < 4; time++) {
            Outcome outcome = decodeFailing(sent);
            if (time == 0) {
                assertThat(outcome).isInstanceOf(Outcome.Unavailable.class);
            } else {
                assertThat(outcome).isNull();
                assertThat(tally.refusals()).extracting(Refusal::code).containsExactly("processing_failed");
                isConserved();
            }
        }
    }

    /** Its decompression fails. */
    private Outcome decodeFailing(Sent sent) {
        memory.end();
        memory = new Memory();
        memory.takesToFailure = 1;
        return decodeInto(sent);
    }
}
