package dev.throughline.server;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** A policy directory as Kubernetes mounts a ConfigMap: the file is a link through {@code ..data}, which is swapped whole. */
public class PolicyData implements QuarkusTestResourceLifecycleManager {
    static volatile Path directory = Path.of("target");
    private static int versions;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory(Files.createDirectories(Path.of("target/test-data")), "policy");
            put("metadata: {name: first}\ncanary: {refusal_rate_max: 1}\n");
            Files.createSymbolicLink(directory.resolve("policy.yaml"), Path.of("..data", "policy.yaml"));
            return Map.of("throughline.server.policy-dir", directory.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kubelet's sequence: a new directory, a new link beside it, the link renamed over {@code ..data}, the old directory gone. */
    static synchronized void put(String body) {
        try {
            Path data = directory.resolve("..data");
            Path old = Files.exists(data) ? directory.resolve(Files.readSymbolicLink(data)) : null;
            String name = "..2026_11_26_" + versions++;
            Path fresh = Files.createDirectory(directory.resolve(name));
            Files.writeString(fresh.resolve("policy.yaml"), "apiVersion: throughline.dev/v1\nkind: Policy\n" + body);
            Path link = directory.resolve("..data_tmp");
            Files.createSymbolicLink(link, Path.of(name));
            Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (old != null) {
                Files.deleteIfExists(old.resolve("policy.yaml"));
                Files.deleteIfExists(old);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {}
}
