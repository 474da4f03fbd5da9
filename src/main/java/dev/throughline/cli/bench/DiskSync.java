package dev.throughline.cli.bench;

import dev.throughline.cli.load.LatencyHistogram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bare disk: how long an appended request of 300 KB takes to be durable, without any program around it. */
final class DiskSync {
    static final int WRITE_BYTES = 300_000;
    private static final int WRITES = 200;

    private DiskSync() {}

    static LatencyHistogram measure(Path directory) throws IOException {
        Path file = Files.createTempFile(Files.createDirectories(directory), "sync", ".tmp");
        LatencyHistogram latency = new LatencyHistogram();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocateDirect(WRITE_BYTES);
            for (int i = 0; i < WRITES; i++) {
                long start = System.nanoTime();
                block.clear();
                while (block.hasRemaining()) {
                    channel.write(block);
                }
                channel.force(false);
                latency.record(System.nanoTime() - start);
            }
        } finally {
            Files.deleteIfExists(file);
        }
        return latency;
    }
}
