package dev.throughline.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Policies for tests. */
public final class Policies {
    public static final String HEAD = "apiVersion: throughline.dev/v1\nkind: Policy\n";

    private Policies() {}

    /** Writes a file with the head that every policy has. */
    public static Path write(Path directory, String name, String body) {
        return raw(directory, name, HEAD + body);
    }

    public static Path raw(Path directory, String name, String text) {
        try {
            Files.createDirectories(directory);
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with a directory's policy, a line each; empty where nothing is. */
    public static List<String> problems(Path directory) {
        try {
            new PolicyLoader().load(directory);
            return List.of();
        } catch (PolicyException e) {
            return e.problems().stream()
                    .map(p -> p.toString().replace(directory.toString(), "DIR"))
                    .toList();
        }
    }

    /** A conforming log; {@code more} are members with a comma before them. */
    public static String log(String connector, String tenant, String more) {
        return "{\"timestamp\":\"2026-01-26T10:24:18.442Z\",\"level\":\"INFO\",\"tenant_id\":\"" + tenant
                + "\",\"connector\":\"" + connector
                + "\",\"entity_type\":\"order\",\"entity_id\":\"SO-1\",\"event_name\":\"order.created\",\"attempt\":1"
                + more + "}";
    }
}
