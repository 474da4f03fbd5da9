package dev.throughline.cli;

import dev.throughline.contract.compat.Compatibility;
import dev.throughline.contract.compat.Direction;
import dev.throughline.contract.compat.Finding;
import dev.throughline.contract.compat.Finding.Counterexample;
import dev.throughline.contract.compat.Verdict;
import dev.throughline.telemetry.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The answer of {@code schema-compat}: one line a finding and a last one a direction, or one JSON object. */
final class CompatibilityReport {
    private CompatibilityReport() {}

    /** What both forms tell of a verdict. */
    private record Told(String label, List<Finding> findings, int omitted) {
        static Told of(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Compatible() -> new Told("compatible", List.of(), 0);
                case Verdict.Incompatible(List<Finding> findings, int omitted) ->
                    new Told("incompatible", findings, omitted);
                case Verdict.Undecided(List<Finding> findings, int omitted) -> new Told("undecided", findings, omitted);
            };
        }
    }

    // ---- text

    static String text(Compatibility found) {
        StringBuilder findings = new StringBuilder();
        StringBuilder verdicts = new StringBuilder();
        for (Direction direction : Direction.values()) {
            Told told = Told.of(found.of(direction));
            for (Finding finding : told.findings) {
                findings.append(printable(label(direction) + ": " + line(finding, direction)))
                        .append('\n');
            }
            verdicts.append(label(direction))
                    .append(": ")
                    .append(told.label)
                    .append(count(told))
                    .append('\n');
        }
        return findings.append(verdicts).toString();
    }

    private static String label(Direction direction) {
        return direction.name().toLowerCase(Locale.ROOT);
    }

    private static String line(Finding finding, Direction direction) {
        Counterexample counterexample = finding.counterexample();
        String where = finding.schemaPointer().isEmpty() ? "(whole schema)" : finding.schemaPointer();
        return (counterexample == null ? "undecided: " : "incompatible: ")
                + where
                + ": "
                + finding.code()
                + (finding.reason().isEmpty() ? "" : ": " + finding.reason())
                + "; "
                + shown(counterexample, direction);
    }

    private static String shown(@Nullable Counterexample counterexample, Direction direction) {
        if (counterexample == null) {
            return "not proved, and no counterexample found";
        }
        String json = counterexample.json();
        return (json != null ? json : "a record of " + counterexample.length() + " characters")
                + (direction == Direction.BACKWARD
                        ? " was valid and is not any more"
                        : " is valid now and was not before");
    }

    private static String count(Told told) {
        int all = told.findings.size() + told.omitted;
        String omitted = told.omitted == 0 ? "" : ", " + told.omitted + " not shown";
        return switch (told.label) {
            case "compatible" -> "";
            case "undecided" -> " (" + all + " not proved" + omitted + "), which counts as not compatible";
            default -> " (" + all + (all == 1 ? " finding" : " findings") + omitted + ")";
        };
    }

    /** For one line of a terminal: a schema's names and patterns may hold anything. */
    static String printable(String line) {
        return line.replaceAll("[\\p{Cntrl}\\p{Cf}\\x{2028}\\x{2029}]", "?");
    }

    // ---- JSON

    static String json(Compatibility found, String required, boolean holds) {
        JsonWriter out = new JsonWriter(1024);
        out.raw('{').member("required").string(required);
        out.member("holds").ascii(holds ? "true" : "false");
        for (Direction direction : Direction.values()) {
            Told told = Told.of(found.of(direction));
            out.member(label(direction)).raw('{').member("verdict").string(told.label);
            out.member("findings").raw('[');
            String separator = "";
            for (Finding finding : told.findings) {
                write(finding, out.ascii(separator));
                separator = ",";
            }
            out.raw(']').member("omitted").number(told.omitted).raw('}');
        }
        return new String(out.ascii("}\n").toByteArray(), StandardCharsets.UTF_8);
    }

    private static void write(Finding finding, JsonWriter out) {
        out.raw('{').member("instance").string(finding.instancePointer());
        out.member("schema").string(finding.schemaPointer());
        out.member("keyword").string(finding.keyword());
        out.member("code").string(finding.code());
        out.member("reason").string(finding.reason());
        Counterexample counterexample = finding.counterexample();
        out.member("proved").ascii(counterexample == null ? "false" : "true");
        String json = counterexample == null ? null : counterexample.json();
        out.member("counterexample").raw((json == null ? "null" : json).getBytes(StandardCharsets.UTF_8));
        out.raw('}');
    }
}
