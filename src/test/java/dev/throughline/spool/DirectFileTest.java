package dev.throughline.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectFileTest {
    @TempDir
    private Path directory;

    private final LocalDisk disk = new LocalDisk();

    @Test
    void theFileSystemThatTestsRunOnTakesDirectFiles() throws IOException {
        try (Disk.OpenFile file = disk.openForAppending(directory.resolve("f"))) {
            assertThat(file).isInstanceOf(DirectFile.class);
        }
    }

    @Test
    void appendsOfAnyLengthAreReadBackAsWritten() throws IOException {
        Random random = new Random(7);
        byte[] expected = new byte[3 << 20];
        random.nextBytes(expected);
        Path path = directory.resolve("f");
        try (Disk.OpenFile file = disk.openForAppending(path);
                Disk.OpenFile reading = disk.openForReading(path)) {
            int at = 0;
            while (at < expected.length) {
                int count = Math.min(expected.length - at, 1 + random.nextInt(random.nextBoolean() ? 50 : 700_000));
                if (random.nextBoolean()) {
                    append(file, expected, at, at + count);
                } else {
                    appendInPlace(file, expected, at, count);
                }
                at += count;
                int from = random.nextInt(at);
                assertThat(read(reading, from, Math.min(at - from, 10_000)))
                        .isEqualTo(Arrays.copyOfRange(expected, from, Math.min(at, from + 10_000)));
            }
            file.truncate(expected.length);
            file.force();
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(expected);
    }

    @Test
    void whatIsWrittenAfterATruncationKeepsWhatStandsBefore() throws IOException {
        Path path = directory.resolve("f");
        byte[] bytes = "0123456789".repeat(1_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try (Disk.OpenFile file = disk.openForAppending(path)) {
            append(file, bytes, 0, 9_000);
            file.truncate(5_005);
            file.extend(100_000);
        }
        try (Disk.OpenFile file = disk.openForAppending(path)) {
            append(file, bytes, 5_005, 10_000);
            file.truncate(10_000);
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(bytes);
    }

    @Test
    void readingEndsWithTheFile() throws IOException {
        Path path = directory.resolve("f");
        Files.write(path, new byte[5_000]);
        try (Disk.OpenFile file = disk.openForReading(path)) {
            assertThat(file.read(ByteBuffer.allocate(10), 4_995)).isEqualTo(5);
            assertThat(file.read(ByteBuffer.allocate(10), 5_000)).isEqualTo(-1);
            assertThat(file.read(ByteBuffer.allocate(10), 70_001)).isEqualTo(-1);
        }
    }

    private static void append(Disk.OpenFile file, byte[] bytes, int from, int to) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(bytes, from, to - from);
        while (source.hasRemaining()) {
            file.write(source, source.position());
        }
    }

    private final ByteBuffer inPlace = DirectFile.allocate(700_000);

    private void appendInPlace(Disk.OpenFile file, byte[] bytes, int at, int count) throws IOException {
        file.clear(inPlace, at);
        int from = inPlace.position();
        assertThat(from).isEqualTo(4096 + at % 4096);
        int taken = Math.min(count, inPlace.remaining());
        inPlace.put(bytes, at, taken).limit(inPlace.position()).position(from);
        file.writeAll(inPlace, at);
        if (taken < count) {
            append(file, bytes, at + taken, at + count);
        }
    }

    private static byte[] read(Disk.OpenFile file, long from, int count) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(count);
        while (target.hasRemaining() && file.read(target, from + target.position()) > 0) {
            // Until it is read.
        }
        return target.array();
    }
}
