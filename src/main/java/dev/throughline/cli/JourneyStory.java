package dev.throughline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A journey, as {@code GET /v1/journeys} answers it, as lines of text. */
final class JourneyStory {
    private static final List<String> HEADS =
            List.of("TIME (UTC)", "AFTER", "BOUNDARY", "CONNECTOR", "EVENT", "TRY", "MS", "ERROR");
    private static final int CELL_MAX = 160;

    private final JsonNode journey;

    JourneyStory(JsonNode journey) {
        this.journey = journey;
    }

    void print(PrintWriter out) {
        out.println(text(journey, "correlation_id"));
        out.println("  " + verdict());
        line(out, "tenants", list("tenants"));
        line(out, "connectors", list("connectors"));
        out.println();
        table(out);
        out.println();
        line(
                out,
                "missing boundaries",
                journey.path("missing_boundaries").isEmpty() ? "none" : list("missing_boundaries"));
        quarantined(out);
        if (journey.path("truncated").asBoolean()) {
            out.println("  There are more records than are shown here.");
        }
        if (mayBeIncomplete()) {
            line(out, "could not be read, so records may be missing", list("unreadable"));
        }
    }

    /** Whether days could not be read that may have records of it. */
    boolean mayBeIncomplete() {
        return !journey.path("unreadable").isEmpty();
    }

    private static void line(PrintWriter out, String label, String value) {
        out.println("  " + label + ": " + value);
    }

    private String verdict() {
        JsonNode broke = journey.path("broke_at");
        if (broke.isObject()) {
            String where = text(broke, "boundary").isEmpty() ? text(broke, "event_name") : text(broke, "boundary");
            String code = text(broke, "error_code");
            return (broke.path("recovered").asBoolean() ? "failed and recovered at " : "BROKE at ")
                    + where
                    + (code.isEmpty() ? "" : " with " + code)
                    + ", "
                    + text(broke, "time");
        }
        if (journey.path("records").isEmpty()) {
            return journey.path("quarantined").isEmpty()
                    ? "nothing found in what can be read"
                    : "only quarantined records";
        }
        return journey.path("missing_boundaries").isEmpty()
                ? "complete: all seven boundaries passed"
                : "no failure; last boundary seen: " + orDash(text(journey, "last_boundary"));
    }

    private void table(PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADS);
        String first = text(journey, "first_time");
        journey.path("records").forEach(step -> rows.add(row(step, first)));
        int[] widths = new int[HEADS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(" ");
            for (int i = 0; i < widths.length; i++) {
                line.append(' ')
                        .append(row.get(i))
                        .append(" ".repeat(widths[i] - row.get(i).length() + 1));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static List<String> row(JsonNode step, String first) {
        String error = text(step, "error_code");
        boolean failed = step.path("failed").asBoolean();
        return List.of(
                text(step, "time"),
                after(first, text(step, "time")),
                orDash(text(step, "boundary")),
                orDash(text(step, "connector")),
                orDash(text(step, "event_name")),
                step.has("attempt") ? step.path("attempt").asText() : "-",
                step.has("duration_ms") ? step.path("duration_ms").asText() : "-",
                error.isEmpty() ? (failed ? "failed" : "-") : error);
    }

    private static String after(String first, String time) {
        try {
            Duration after = Duration.between(Instant.parse(first), Instant.parse(time));
            return String.format(Locale.ROOT, "+%.3f s", after.toNanos() / 1e9);
        } catch (DateTimeParseException | ArithmeticException e) {
            return "-";
        }
    }

    private void quarantined(PrintWriter out) {
        for (JsonNode entry : journey.path("quarantined")) {
            JsonNode noted = entry.path("entry");
            line(
                    out,
                    "quarantined",
                    orDash(text(noted, "code"))
                            + (text(noted, "pointer").isEmpty() ? "" : " at " + text(noted, "pointer"))
                            + ", count "
                            + entry.path("count").asLong()
                            + ", last "
                            + text(entry, "last_seen"));
        }
    }

    private String list(String name) {
        List<String> values = new ArrayList<>();
        journey.path(name).forEach(value -> values.add(plain(value.asText())));
        return values.isEmpty() ? "-" : String.join(", ", values);
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isValueNode() && !value.isNull() ? plain(value.asText()) : "";
    }

    /** Without what would steer a terminal, and not longer than a cell. */
    static String plain(String text) {
        String shown = text.chars()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return shown.length() <= CELL_MAX ? shown : shown.substring(0, CELL_MAX - 1) + "…";
    }
}
