package dev.throughline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every exporter promises. A subclass says where to look. */
public abstract class ExporterContract {
    public static final String CORRELATION = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";

    private Destination destination;

    /** An exporter and what is behind it, empty at first. */
    public interface Destination extends AutoCloseable {
        Exporter exporter();

        /** The low halves of the record ids, by their first occurrence; at least those of one correlation id are in order. */
        List<Long> ids(Stream stream) throws Exception;

        /** Adds a record that it can never take. */
        void addUnacceptable(Frames frames, long id);

        /** The code of its refusal. */
        String refusal();

        /** The streams it keeps by correlation id. */
        default List<Stream> streams() {
            return Arrays.asList(Stream.values());
        }

        @Override
        default void close() throws Exception {
            exporter().close();
        }
    }

    protected abstract Destination open() throws Exception;

    @BeforeEach
    void openDestination() throws Exception {
        destination = open();
    }

    @AfterEach
    void closeDestination() throws Exception {
        destination.close();
    }

    private static RecordBatch batch(Stream stream, long from, long to) {
        Frames frames = new Frames();
        LongStream.range(from, to).forEach(id -> frames.log(CORRELATION, id));
        return frames.batch(stream);
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void whatIsDeliveredIsFoundInOrder() throws Exception {
        ExportResult result = destination.exporter().export(batch(Stream.OPERATIONAL_LOGS, 0, 500));

        assertThat(result).isEqualTo(new ExportResult.Delivered(500, 0));
        assertThat(destination.ids(Stream.OPERATIONAL_LOGS)).isEqualTo(range(0, 500));
    }

    @Test
    void batchesFollowOneAnother() throws Exception {
        for (int i = 0; i < 20; i++) {
            destination.exporter().export(batch(Stream.OPERATIONAL_LOGS, i * 10L, i * 10L + 10));
        }

        assertThat(destination.ids(Stream.OPERATIONAL_LOGS)).isEqualTo(range(0, 200));
    }

    @Test
    void whatComesAgainIsKeptOnceByItsId() throws Exception {
        destination.exporter().export(batch(Stream.OPERATIONAL_LOGS, 0, 100));
        ExportResult again = destination.exporter().export(batch(Stream.OPERATIONAL_LOGS, 0, 100));
        destination.exporter().export(batch(Stream.OPERATIONAL_LOGS, 50, 150));

        assertThat(again).isInstanceOf(ExportResult.Delivered.class);
        assertThat(destination.ids(Stream.OPERATIONAL_LOGS)).isEqualTo(range(0, 150));
    }

    @Test
    void aRecordThatItCanNeverTakeIsNamedAndTheOthersAreDurable() throws Exception {
        Frames frames = new Frames().log(CORRELATION, 1);
        destination.addUnacceptable(frames, 2);
        frames.log(CORRELATION, 3);

        ExportResult result = destination.exporter().export(frames.batch(Stream.AUDIT));

        assertThat(result)
                .isEqualTo(new ExportResult.DeliveredExcept(List.of(new PermanentFailure(1, destination.refusal()))));
        assertThat(destination.ids(Stream.AUDIT)).containsExactly(1L, 3L);
    }

    @Test
    void nothingIsDeliveredAsNothing() {
        RecordBatch nothing = new Frames().batch(Stream.OPERATIONAL_LOGS);

        assertThat(destination.exporter().export(nothing)).isEqualTo(new ExportResult.Delivered(0, 0));
    }

    @Test
    void streamsAreExportedAtTheSameTimeAndKeptApart() throws Exception {
        List<Stream> streams = destination.streams();
        List<Callable<ExportResult>> calls = new ArrayList<>();
        for (Stream stream : streams) {
            long from = stream.ordinal() * 1_000L;
            calls.add(() -> destination.exporter().export(batch(stream, from, from + 300)));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(streams.size())) {
            for (Future<ExportResult> result : threads.invokeAll(calls)) {
                assertThat(result.get()).isEqualTo(new ExportResult.Delivered(300, 0));
            }
        }

        for (Stream stream : streams) {
            long from = stream.ordinal() * 1_000L;
            assertThat(destination.ids(stream)).isEqualTo(range(from, from + 300));
        }
    }

    @Test
    void aClosedExporterAsksForARetry() {
        destination.exporter().export(batch(Stream.OPERATIONAL_LOGS, 0, 10));
        destination.exporter().close();

        assertThat(destination.exporter().export(batch(Stream.OPERATIONAL_LOGS, 10, 20)))
                .isInstanceOf(ExportResult.RetryAfter.class);
    }
}
