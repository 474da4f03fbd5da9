package dev.throughline.cli.bench;

import dev.throughline.cli.load.LatencyHistogram;
import dev.throughline.cli.packaged.PackagedProgram;
import dev.throughline.telemetry.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The outcome of a run, as a table for people, as Markdown for a README, or as JSON for programs. */
public record BenchReport(
        Conditions conditions, List<RowResult> results, double tokenWalkSecondsPerMillion, LatencyHistogram disk) {
    private static final List<String> HEADINGS = List.of(
            "row", "events/s", "CPU-s/M", "token walks", "target", "verdict", "RSS MB", "p50 ms", "p99 ms", "counted");

    /** Whether all rows that ran found every acknowledged event at their destination. */
    public boolean whole() {
        return results.stream().allMatch(r -> switch (r) {
            case RowResult.Measured measured -> measured.whole();
            case RowResult.Reloaded reloaded -> reloaded.lost() == 0;
            case RowResult.NotRun ignored -> true;
        });
    }

    /** Whether every row ran and met its target. */
    public boolean met() {
        return whole() && rows().stream().allMatch(row -> row.get(5).equals("PASS"));
    }

    public String text() {
        return TextTable.ascii(HEADINGS, rows()) + String.join("\n", notes()) + "\n";
    }

    public String markdown() {
        return TextTable.markdown(HEADINGS, rows()) + "\n- " + String.join("\n- ", notes()) + "\n";
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        for (RowResult result : results) {
            rows.add(
                    switch (result) {
                        case RowResult.Measured measured -> row(measured);
                        case RowResult.Reloaded reloaded -> row(reloaded);
                        case RowResult.NotRun not -> notRun(not);
                    });
        }
        long peak = residentPeakBytes();
        if (peak > 0) {
            String verdict = verdict(peak <= Row.RESIDENT_PEAK_BYTES_TARGET);
            String target = "<= " + (Row.RESIDENT_PEAK_BYTES_TARGET >> 20) + " MB";
            rows.add(List.of("peak RSS under load", "", "", "", target, verdict, megabytes(peak), "", "", ""));
        }
        return rows;
    }

    private List<String> row(RowResult.Measured measured) {
        Row row = measured.row();
        double walks = measured.tokenWalks();
        boolean met =
                row.offered() ? measured.answerMillis(99) <= row.answerMillisTarget() : walks <= row.tokenWalksTarget();
        String target = row.offered()
                ? String.format(Locale.ROOT, "p99 <= %.0f ms", row.answerMillisTarget())
                : String.format(Locale.ROOT, "<= %.1f", row.tokenWalksTarget());
        return List.of(
                row.title(),
                String.format(Locale.ROOT, "%,.0f", measured.eventsPerSecond()),
                String.format(Locale.ROOT, "%.2f", measured.cpuSecondsPerMillion()),
                String.format(Locale.ROOT, "%.1f", walks),
                target,
                measured.whole() ? verdict(met) : "LOST",
                megabytes(measured.residentPeakBytes()),
                String.format(Locale.ROOT, "%.1f", measured.answerMillis(50)),
                String.format(Locale.ROOT, "%.1f", measured.answerMillis(99)),
                String.format(Locale.ROOT, "%,d of %,d", measured.counted(), measured.acknowledged()));
    }

    private static List<String> row(RowResult.Reloaded reloaded) {
        boolean met = RowResult.Reloaded.millis(reloaded.took().max()) < Row.RELOAD_MILLIS_TARGET
                && RowResult.Reloaded.millis(reloaded.with().max()) <= Row.STALL_MILLIS_TARGET;
        return List.of(
                reloaded.row().title(),
                "",
                "",
                "",
                String.format(
                        Locale.ROOT, "< %.0f ms, max <= %.0f ms", Row.RELOAD_MILLIS_TARGET, Row.STALL_MILLIS_TARGET),
                reloaded.lost() == 0 ? verdict(met) : "LOST",
                megabytes(reloaded.residentPeakBytes()),
                String.format(
                        Locale.ROOT,
                        "%.1f",
                        RowResult.Reloaded.millis(reloaded.with().percentile(50))),
                String.format(
                        Locale.ROOT,
                        "%.1f",
                        RowResult.Reloaded.millis(reloaded.with().percentile(99))),
                reloaded.reloads() + " reloads");
    }

    private static String told(RowResult.Reloaded reloaded) {
        return String.format(
                Locale.ROOT,
                "%s: 200 connectors, 50 schemas, 500 masking rules, %d times; read, checked, compiled and swapped in p50 %.0f ms, "
                        + "max %.0f ms; in force after the directory's swap in p50 %.0f ms, max %.0f ms; longest answer %.1f ms with "
                        + "reloads, %.1f ms without",
                reloaded.row().id(),
                reloaded.reloads(),
                RowResult.Reloaded.millis(reloaded.took().percentile(50)),
                RowResult.Reloaded.millis(reloaded.took().max()),
                RowResult.Reloaded.millis(reloaded.inForce().percentile(50)),
                RowResult.Reloaded.millis(reloaded.inForce().max()),
                RowResult.Reloaded.millis(reloaded.with().max()),
                RowResult.Reloaded.millis(reloaded.without().max()));
    }

    private static List<String> notRun(RowResult.NotRun not) {
        return List.of(not.row().title(), "", "", "", "", "not run", "", "", "", "");
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        notes.add(String.format(
                Locale.ROOT,
                "token walk: %.3f CPU-s per million events, the same bytes on the server's core (median of all; each row is "
                        + "divided by the walks just before and after it)%s",
                tokenWalkSecondsPerMillion,
                PackagedProgram.isNative() ? ", by this native executable, which no JVM's compiler has warmed" : ""));
        notes.add(String.format(
                Locale.ROOT,
                "bare disk: %d KB appended and fsynced in p50 %.2f ms, p99 %.2f ms",
                DiskSync.WRITE_BYTES / 1000,
                disk.percentile(50).toNanos() / 1e6,
                disk.percentile(99).toNanos() / 1e6));
        notes.add("load: " + conditions.load());
        notes.add("placement: " + conditions.placement());
        notes.add("program: " + conditions.program());
        notes.add("machine: " + conditions.machine());
        notes.add("date: " + conditions.date());
        for (RowResult result : results) {
            String id = result.row().id();
            if (result instanceof RowResult.NotRun not) {
                notes.add(id + ": not run, " + not.reason());
            } else if (result instanceof RowResult.Reloaded reloaded) {
                notes.add(told(reloaded));
            } else if (result instanceof RowResult.Measured measured && measured.troubled() > 0) {
                notes.add(id + ": " + measured.troubled() + " requests or records were not taken at once");
            }
        }
        return notes;
    }

    /** Everything in numbers; units are in the names. */
    public byte[] json() {
        JsonWriter json = new JsonWriter(4096);
        json.raw('{').member("date").string(conditions.date());
        json.member("machine").string(conditions.machine());
        json.member("program").string(conditions.program());
        json.member("placement").string(conditions.placement());
        json.member("load").string(conditions.load());
        json.member("token_walk_cpu_seconds_per_million").ascii(decimal(tokenWalkSecondsPerMillion));
        json.member("disk_fsync_p50_ms").ascii(decimal(disk.percentile(50).toNanos() / 1e6));
        json.member("disk_fsync_p99_ms").ascii(decimal(disk.percentile(99).toNanos() / 1e6));
        json.member("resident_peak_bytes").number(residentPeakBytes());
        json.member("rows").raw('[');
        for (int i = 0; i < results.size(); i++) {
            if (i > 0) {
                json.raw(',');
            }
            json(json, results.get(i));
        }
        return json.ascii("]}\n").toByteArray();
    }

    private void json(JsonWriter json, RowResult result) {
        json.raw('{').member("row").string(result.row().id());
        switch (result) {
            case RowResult.NotRun not -> json.member("not_run").string(not.reason());
            case RowResult.Reloaded reloaded -> {
                json.member("reloads").number(reloaded.reloads());
                json.member("reload_max_ms")
                        .ascii(decimal(RowResult.Reloaded.millis(reloaded.took().max())));
                json.member("in_force_max_ms")
                        .ascii(decimal(
                                RowResult.Reloaded.millis(reloaded.inForce().max())));
                json.member("answer_max_ms")
                        .ascii(decimal(RowResult.Reloaded.millis(reloaded.with().max())));
                json.member("answer_max_ms_without")
                        .ascii(decimal(
                                RowResult.Reloaded.millis(reloaded.without().max())));
                json.member("lost").number(reloaded.lost());
                json.member("resident_peak_bytes").number(reloaded.residentPeakBytes());
            }
            case RowResult.Measured measured -> {
                json.member("acknowledged").number(measured.acknowledged());
                json.member("counted").number(measured.counted());
                json.member("events_per_second").ascii(decimal(measured.eventsPerSecond()));
                json.member("cpu_seconds_per_million").ascii(decimal(measured.cpuSecondsPerMillion()));
                json.member("token_walks").ascii(decimal(measured.tokenWalks()));
                json.member("token_walk_cpu_seconds_per_million").ascii(decimal(measured.tokenWalk()));
                json.member("resident_peak_bytes").number(measured.residentPeakBytes());
                json.member("answer_p50_ms").ascii(decimal(measured.answerMillis(50)));
                json.member("answer_p99_ms").ascii(decimal(measured.answerMillis(99)));
                json.member("troubled").number(measured.troubled());
            }
        }
        json.raw('}');
    }

    private long residentPeakBytes() {
        return results.stream()
                .mapToLong(r -> r instanceof RowResult.Measured m
                        ? m.residentPeakBytes()
                        : r instanceof RowResult.Reloaded l ? l.residentPeakBytes() : 0)
                .max()
                .orElse(0);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String megabytes(long bytes) {
        return Long.toString((bytes + (1 << 19)) >> 20);
    }

    private static String verdict(boolean met) {
        return met ? "PASS" : "MISS";
    }

    @Override
    public String toString() {
        return new String(json(), StandardCharsets.UTF_8);
    }
}
