package dev.throughline.delivery;

import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.RecordId;
import dev.throughline.telemetry.Stream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One stream on its way to one exporter, batch by batch: read, export, quarantine what is refused for ever, acknowledge. */
final class DeliveryLane implements Runnable {
    private static final Logger LOG = Logger.getLogger(DeliveryLane.class);

    /** Refused records of one batch that are logged one by one. */
    private static final int LOGGED_MAX = 10;

    private final Exporter exporter;
    private final RecordSource source;
    private final QuarantineSink quarantine;
    private final DeliveryListener listener;
    private final DispatcherConfig config;
    private final Shutdown shutdown;
    private final LongSupplier nanoClock;
    private final Backoff backoff;
    private final BatchSize size;
    private final Stream stream;
    private @Nullable RecordBatch batch;
    private @Nullable List<PermanentFailure> refused;
    private int duplicates;
    private boolean kept;
    private volatile @Nullable String trouble;

    /** What a lane shares with the others of its dispatcher. */
    record Surroundings(
            DispatcherConfig config,
            QuarantineSink quarantine,
            DeliveryListener listener,
            Shutdown shutdown,
            LongSupplier nanoClock) {}

    DeliveryLane(Exporter exporter, RecordSource source, Surroundings surroundings, RandomGenerator random) {
        this.exporter = exporter;
        this.source = source;
        this.stream = source.stream();
        this.config = surroundings.config();
        this.quarantine = surroundings.quarantine();
        this.listener = surroundings.listener();
        this.shutdown = surroundings.shutdown();
        this.nanoClock = surroundings.nanoClock();
        this.backoff = new Backoff(config.backoffMin(), config.backoffMax(), random);
        this.size = new BatchSize(config);
    }

    /** What one step came to. */
    sealed interface Step {
        /** A batch was acknowledged. */
        record Moved() implements Step {}

        /** There was nothing to read. */
        record Idle() implements Step {}

        /** Something is to be tried again, after a pause. */
        record Pause(Duration time) implements Step {}
    }

    private static final Step MOVED = new Step.Moved();
    private static final Step IDLE = new Step.Idle();

    Exporter exporter() {
        return exporter;
    }

    Stream stream() {
        return stream;
    }

    /** The code of the failure that is being retried; {@code null} while all is well. */
    @Nullable
    String trouble() {
        return trouble;
    }

    @Override
    public void run() {
        try {
            while (shutdown.phase() != Shutdown.Phase.STOPPED) {
                switch (step()) {
                    case Step.Moved _ -> {}
                    case Step.Pause pause -> shutdown.pause(pause.time());
                    case Step.Idle _ -> {
                        if (shutdown.phase() == Shutdown.Phase.DRAINING) {
                            return;
                        }
                        source.await(config.idleWait());
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes the batch at hand, or the next one, as far as it goes. Whatever is thrown is retried. */
    Step step() {
        String failing = "spool_read_failed";
        try {
            RecordBatch current = batch;
            if (current == null) {
                current = read();
                if (current == null) {
                    return IDLE;
                }
            }
            failing = "exporter_threw";
            List<PermanentFailure> exceptions = refused;
            if (exceptions == null) {
                switch (export(current)) {
                    case ExportResult.RetryAfter later -> {
                        return retry(later.atLeast(), later.code(), null);
                    }
                    case ExportResult.Delivered all -> {
                        duplicates = all.duplicates();
                        exceptions = List.of();
                    }
                    case ExportResult.DeliveredExcept some -> exceptions = some.failures();
                }
                refused = exceptions;
            }
            failing = "quarantine_threw";
            if (!exceptions.isEmpty() && !kept) {
                switch (keep(current, exceptions)) {
                    case QuarantineSink.Kept.Later later -> {
                        return retry(later.atLeast(), later.code(), null);
                    }
                    case QuarantineSink.Kept.Durable _ -> kept = true;
                }
            }
            failing = "spool_acknowledge_failed";
            source.acknowledge(current);
            settled(current, exceptions);
            return MOVED;
        } catch (Throwable thrown) {
            return retry(Duration.ZERO, failing, thrown);
        }
    }

    private @Nullable RecordBatch read() {
        RecordBatch fresh = source.read(size.bytes(), size.records());
        if (fresh == null || fresh.isEmpty()) {
            return null;
        }
        batch = fresh;
        refused = null;
        duplicates = 0;
        kept = false;
        return fresh;
    }

    private ExportResult export(RecordBatch current) {
        long before = nanoClock.getAsLong();
        ExportResult result = exporter.export(current);
        size.took(nanoClock.getAsLong() - before);
        return result;
    }

    private QuarantineSink.Kept keep(RecordBatch current, List<PermanentFailure> failures) {
        return stream == Stream.QUARANTINE
                ? new QuarantineSink.Kept.Durable()
                : quarantine.keep(exporter.name(), current, failures);
    }

    private void settled(RecordBatch current, List<PermanentFailure> exceptions) {
        batch = null;
        if (backoff.failures() > 0) {
            LOG.infof("%s takes %s again", exporter.name(), stream.label());
        }
        backoff.reset();
        trouble = null;
        if (!exceptions.isEmpty()) {
            tellRefused(current, exceptions);
        }
        listener.delivered(exporter.name(), stream, current.count() - exceptions.size(), duplicates);
    }

    private void tellRefused(RecordBatch current, List<PermanentFailure> exceptions) {
        RecordFrame view = new RecordFrame();
        for (PermanentFailure failure : exceptions.subList(0, Math.min(exceptions.size(), LOGGED_MAX))) {
            RecordFrame frame = current.frame(failure.index(), view);
            LOG.warnf(
                    "%s cannot take record %s of %s: %s",
                    exporter.name(), RecordId.toString(frame.idHigh(), frame.idLow()), stream.label(), failure.code());
        }
        Map<String, Integer> byCode = new TreeMap<>();
        exceptions.forEach(failure -> byCode.merge(failure.code(), 1, Integer::sum));
        byCode.forEach((code, records) -> {
            if (stream == Stream.QUARANTINE) {
                listener.passedOver(exporter.name(), code, records);
            } else {
                listener.quarantined(exporter.name(), stream, code, records);
            }
        });
    }

    private Step retry(Duration atLeast, String code, @Nullable Throwable thrown) {
        Duration pause = backoff.next(atLeast);
        boolean worthALine = Integer.bitCount(backoff.failures()) == 1 || !code.equals(trouble);
        trouble = code;
        if (worthALine) {
            LOG.warnf(
                    "%s does not take %s: %s%s, attempt %d",
                    exporter.name(),
                    stream.label(),
                    code,
                    thrown == null ? "" : " " + thrown.getClass().getName(),
                    backoff.failures());
        }
        listener.retried(exporter.name(), stream, code, pause);
        return new Step.Pause(pause);
    }
}
