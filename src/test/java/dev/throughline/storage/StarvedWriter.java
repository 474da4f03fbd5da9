package dev.throughline.storage;

import dev.throughline.telemetry.RecordBatch;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Writes, takes all descriptors that the process may have, writes and reads in vain, gives them back and writes again. */
final class StarvedWriter {
    private StarvedWriter() {}

    public static void main(String[] args) throws IOException {
        Path data = Path.of(args[0]);
        StoreConfig config =
                new StoreConfig(1, 256, 1 << 18, 64, 1 << 16, Duration.ofHours(6), 8, 1L << 30, Duration.ofSeconds(2));
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
        load();
        starve(data.resolve("warm"), config, clock);
        starve(data, config, clock).forEach(System.out::println);
    }

    /** What fails needs classes, which a folder of them does not give without descriptors. */
    private static void load() throws IOException {
        String name = StarvedWriter.class.getPackageName();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path folder = Path.of(entry).resolve(name.replace('.', '/'));
            if (Files.isDirectory(folder)) {
                try (var files = Files.list(folder)) {
                    files.map(file -> file.getFileName().toString())
                            .filter(file ->
                                    file.endsWith(".class") && !file.endsWith("-info.class") && !file.contains("Test"))
                            .forEach(file -> load(name + "." + file.substring(0, file.length() - 6)));
                }
            }
        }
    }

    private static void load(String name) {
        try {
            Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> starve(Path data, StoreConfig config, InstantSource clock) throws IOException {
        List<String> told = new ArrayList<>();
        try (SqliteRecordStore store = new SqliteRecordStore(data, config, clock)) {
            told.add("first: " + store.write(KilledWriter.batch(0)));
        }
        RecordBatch second = KilledWriter.batch(1);
        try (SqliteRecordStore store = new SqliteRecordStore(data, config, clock)) {
            List<RandomAccessFile> taken = new ArrayList<>();
            try {
                while (taken.size() < 10_000) {
                    taken.add(new RandomAccessFile("/dev/null", "r"));
                }
            } catch (IOException e) {
                told.add("starved: " + store.write(second));
                told.add("reading: " + reading(store));
            } finally {
                for (RandomAccessFile file : taken) {
                    file.close();
                }
            }
            told.add("healed: " + store.write(second));
        }
        return told;
    }

    private static String reading(SqliteRecordStore store) {
        try {
            return store.journey(new JourneyQuery(KilledWriter.CORRELATION, 10, 1 << 20, null))
                    .toString();
        } catch (StoreUnavailableException e) {
            return e.code();
        }
    }
}
