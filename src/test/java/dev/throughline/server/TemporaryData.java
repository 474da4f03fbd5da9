package dev.throughline.server;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A data directory of its own for a started server, and free ports. */
public class TemporaryData implements QuarkusTestResourceLifecycleManager {
    static volatile Path directory = Path.of("target");

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory(Files.createDirectories(Path.of("target/test-data")), "server");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "throughline.server.data-dir", directory.toString(),
                "throughline.otlp.http-port", "0",
                "throughline.otlp.grpc-port", "0",
                "quarkus.log.file.enabled", "true",
                "quarkus.log.file.path", directory.resolve("server.log").toString());
    }

    static String token() {
        try {
            return Files.readString(directory.resolve("run/token")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {}
}
