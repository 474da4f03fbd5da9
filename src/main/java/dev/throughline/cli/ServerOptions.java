package dev.throughline.cli;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code serve} and {@code demo} take; an option wins over the configuration key that it stands for. */
@RegisterForReflection
public final class ServerOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Spool, store, token and ports file (default ./data; throughline.server.data-dir).")
    @Nullable
    Path data;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "API, page and /v1/events; 0: any free one (default 8080; throughline.http.port).")
    @Nullable
    Integer httpPort;

    @Option(
            names = "--otlp-http-port",
            paramLabel = "PORT",
            description = "OTLP over HTTP; 0: any free one (default 4318; throughline.otlp.http-port).")
    @Nullable
    Integer otlpHttpPort;

    @Option(
            names = "--otlp-grpc-port",
            paramLabel = "PORT",
            description = "OTLP over gRPC; 0: any free one (default 4317; throughline.otlp.grpc-port).")
    @Nullable
    Integer otlpGrpcPort;

    @Option(
            names = "--policy",
            paramLabel = "DIR",
            description = "The policy's documents (default: the built-in policy; throughline.server.policy-dir).")
    @Nullable
    Path policy;

    @Option(
            names = "--kafka",
            paramLabel = "BOOTSTRAP",
            description = "Forward to these brokers, host:port,… (throughline.server.kafka.bootstrap-servers).")
    @Nullable
    String kafka;

    @Option(
            names = "--store",
            paramLabel = "KIND",
            description = "embedded or none (default embedded; throughline.server.store).")
    @Nullable
    String store;

    /** The configuration keys that were given, as system properties. */
    Map<String, String> toProperties() {
        Map<String, String> properties = new LinkedHashMap<>();
        put(properties, "throughline.server.data-dir", data);
        put(properties, "throughline.http.port", httpPort);
        put(properties, "throughline.otlp.http-port", otlpHttpPort);
        put(properties, "throughline.otlp.grpc-port", otlpGrpcPort);
        put(properties, "throughline.server.policy-dir", policy);
        put(properties, "throughline.server.kafka.bootstrap-servers", kafka);
        put(properties, "throughline.server.store", store);
        return properties;
    }

    private static void put(Map<String, String> properties, String key, @Nullable Object value) {
        if (value != null) {
            properties.put(key, value.toString());
        }
    }
}
