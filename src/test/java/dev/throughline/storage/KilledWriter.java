package dev.throughline.storage;

import dev.throughline.storage.FrameFixture.Event;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.Stream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Writes batch after batch and says so after each, until it is killed. */
final class KilledWriter {
    static final int RECORDS = 50;
    static final String CORRELATION = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";

    private KilledWriter() {}

    static RecordBatch batch(int number) {
        FrameFixture frames = new FrameFixture();
        for (int i = 0; i < RECORDS; i++) {
            frames.add(Event.log((long) number * RECORDS + i + 1, CORRELATION, "2026-11-23T12:00:00Z"));
        }
        return frames.batch(Stream.OPERATIONAL_LOGS);
    }

    public static void main(String[] args) {
        StoreConfig config =
                new StoreConfig(2, 256, 1 << 18, 64, 1 << 16, Duration.ofHours(6), 8, 1L << 30, Duration.ofSeconds(2));
        try (RecordStore store = new SqliteRecordStore(
                Path.of(args[0]), config, InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z")))) {
            for (int number = Integer.parseInt(args[1]); ; number++) {
                if (store.write(batch(number)) instanceof WriteResult.Written) {
                    System.out.println(number + 1);
                }
            }
        }
    }
}
