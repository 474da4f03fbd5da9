package dev.throughline.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A policy of 200 connectors, 50 schemas and 500 masking rules in a directory that is swapped as Kubernetes swaps a ConfigMap's. */
final class LargePolicy {
    static final int CONNECTORS = 200;
    static final int SCHEMAS = 50;
    static final int RULES_BY_NAME = 300;
    static final int RULES_BY_PATH = 200;

    private final Path directory;
    private int version;

    LargePolicy(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        swap();
        for (String file : new String[] {"contract.yaml", "masking.yaml", "connectors.yaml"}) {
            Files.createSymbolicLink(directory.resolve(file), Path.of("..data", file));
        }
    }

    Path directory() {
        return directory;
    }

    /** The name of the version that {@link #swap} put there last. */
    String name() {
        return "bench-" + version;
    }

    /** Puts another version there, in one move. */
    void swap() throws IOException {
        version++;
        Path fresh = Files.createDirectory(directory.resolve("..v" + version));
        Files.writeString(fresh.resolve("contract.yaml"), contract());
        Files.writeString(fresh.resolve("masking.yaml"), masking());
        Files.writeString(fresh.resolve("connectors.yaml"), connectors());
        Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..v" + version));
        Files.move(
                link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static StringBuilder head() {
        return new StringBuilder(1 << 16).append("apiVersion: throughline.dev/v1\nkind: Policy\n");
    }

    private static String connector(int i) {
        return "bench_" + i % 20 + ".connector_" + i;
    }

    private String contract() {
        StringBuilder out = head().append("metadata: {name: ").append(name()).append("}\ncontract:\n  schemas:\n");
        for (int i = 0; i < SCHEMAS; i++) {
            out.append("    - name: bench-")
                    .append(i)
                    .append("/v1\n      extends: integration-log/v1\n      schema:\n        properties:\n");
            for (int k = 0; k < 12; k++) {
                out.append("          field_")
                        .append(i)
                        .append('_')
                        .append(k)
                        .append(
                                k % 3 == 0
                                        ? ": {type: string, maxLength: 40, pattern: \"^[A-Z]{2}-[0-9]{3,9}$\"}\n"
                                        : k % 3 == 1
                                                ? ": {type: integer, minimum: 0, maximum: 100000}\n"
                                                : ": {enum: [open, closed, held, \"v" + i + "\"]}\n");
            }
        }
        out.append("  use:\n");
        for (int i = 0; i < SCHEMAS; i++) {
            out.append("    - {schema: bench-")
                    .append(i)
                    .append("/v1, connectors: [")
                    .append(connector(4 * i));
            for (int k = 1; k < 4; k++) {
                out.append(", ").append(connector(4 * i + k));
            }
            out.append("]}\n");
        }
        // The load's own connectors have a schema, too.
        out.append("    - {schema: bench-0/v1, connectors: [\"*_to_*\"]}\n  error_codes:\n");
        for (int i = 0; i < CONNECTORS; i++) {
            out.append("    ")
                    .append(connector(i))
                    .append(": [ERP_TIMEOUT, ERP_LOCKED, CODE_")
                    .append(i)
                    .append("]\n");
        }
        return out.toString();
    }

    private String masking() {
        StringBuilder out = head().append("masking:\n  fields:\n");
        for (int i = 0; i < RULES_BY_NAME; i++) {
            out.append("    - {name: bench_field_")
                    .append(i)
                    .append(", action: redact, label: F")
                    .append(i + version % 7)
                    .append("}\n");
        }
        for (int i = 0; i < RULES_BY_PATH; i++) {
            out.append("    - {path: ")
                    .append(i % 2 == 0 ? "/order/lines/*/f" : "/payload/p")
                    .append(i)
                    .append(", action: mask, keep_last: 2}\n");
        }
        return out.toString();
    }

    private static String connectors() {
        StringBuilder out = head().append("connectors:\n");
        for (int i = 0; i < CONNECTORS; i++) {
            out.append("  ")
                    .append(connector(i))
                    .append(": {owner: {team: team-")
                    .append(i % 17)
                    .append("}, criticality: high, deadline: PT5M, queues: [{name: q")
                    .append(i)
                    .append(", kind: kafka, dead_letter: q")
                    .append(i)
                    .append(".dlq}]}\n");
        }
        return out.toString();
    }
}
