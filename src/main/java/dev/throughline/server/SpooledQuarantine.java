package dev.throughline.server;

import dev.throughline.delivery.PermanentFailure;
import dev.throughline.delivery.QuarantineSink;
import dev.throughline.masking.KeptQuarantine;
import dev.throughline.policy.ActivePolicy;
import dev.throughline.spool.AppendOutcome;
import dev.throughline.spool.Spool;
import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Keeps what a destination can never take in the spool's quarantine stream, from where it goes to the other destinations. */
@Singleton
public final class SpooledQuarantine implements QuarantineSink {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Spool spool;
    private final ActivePolicy policy;

    SpooledQuarantine(Spool spool, ActivePolicy policy) {
        this.spool = spool;
        this.policy = policy;
    }

    @Override
    public Kept keep(String exporter, RecordBatch batch, List<PermanentFailure> failures) {
        MaskedRecords entries = new MaskedRecords();
        KeptQuarantine quarantine = new KeptQuarantine(policy.current().masker());
        RecordFrame frame = new RecordFrame();
        for (PermanentFailure failure : failures) {
            batch.frame(failure.index(), frame);
            quarantine.append(entries, frame, "delivery_refused", failure.code());
        }
        CompletableFuture<AppendOutcome> appended = new CompletableFuture<>();
        spool.append(Map.of(Stream.QUARANTINE, entries), appended::complete);
        return switch (appended.join()) {
            case AppendOutcome.Kept ignored -> new Kept.Durable();
            case AppendOutcome.Full full -> new Kept.Later(full.retryAfter(), "spool_full");
            case AppendOutcome.Draining ignored -> new Kept.Later(RETRY, "draining");
            case AppendOutcome.Failed failed -> new Kept.Later(RETRY, failed.code());
        };
    }
}
