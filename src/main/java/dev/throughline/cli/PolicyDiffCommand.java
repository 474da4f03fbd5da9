package dev.throughline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throughline.cli.ApiOptions.NotReady;
import dev.throughline.policy.Policy;
import dev.throughline.policy.PolicyDiff;
import dev.throughline.policy.PolicyException;
import dev.throughline.policy.PolicyLoader;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code policy diff}. */
@RegisterForReflection
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Says what another policy makes otherwise of the same logs: refused, masked or routed. No value is ever printed.",
            "The logs are a sample, or the last ones of the running program's store (masked already, so that only further",
            "masking shows). Exit code: 0 nothing changes, 1 something does, 2 a policy or the logs cannot be read."
        })
public final class PolicyDiffCommand implements Callable<Integer> {
    private static final int PAGE = 500;

    @Parameters(
            index = "0",
            paramLabel = "OLD",
            description = "the policy's directory before; - is the built-in policy")
    private Path before = Path.of(".");

    @Parameters(index = "1", paramLabel = "NEW", description = "the policy's directory after")
    private Path after = Path.of(".");

    @Option(names = "--sample", paramLabel = "FILE", description = "NDJSON; - is standard input")
    private @Nullable String sample;

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "the last N logs of the store (default: ${DEFAULT-VALUE})")
    private int last = 1_000;

    @Option(names = "--list", paramLabel = "N", description = "changes that are listed (default: ${DEFAULT-VALUE})")
    private int list = 20;

    @Mixin
    private ApiOptions api = new ApiOptions();

    @Spec
    private @Nullable CommandSpec spec;

    private int listed;

    /** Takes logs one by one. */
    @FunctionalInterface
    private interface Sink {
        void take(String where, byte[] json);
    }

    @Override
    public Integer call() {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("the command line sets the spec before it calls");
        }
        if (last < 1 || list < 0) {
            throw new ParameterException(known.commandLine(), "--last is 1 or more, --list 0 or more");
        }
        PrintWriter out = known.commandLine().getOut();
        PrintWriter err = known.commandLine().getErr();
        try {
            PolicyDiff diff = new PolicyDiff(load(before, out), load(after, out));
            Sink sink = (where, json) -> show(out, where, diff.log(json));
            if (sample == null) {
                stored(sink);
            } else {
                sampled(sink, sample);
            }
            return summary(out, diff);
        } catch (PolicyException e) {
            return 2;
        } catch (NotReady e) {
            err.println("throughline policy diff: " + e.getMessage());
            return 2;
        } catch (IOException e) {
            err.println("throughline policy diff: the sample cannot be read: " + e.getMessage());
            return 2;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private static Policy load(Path directory, PrintWriter out) {
        PolicyLoader loader = new PolicyLoader();
        if (directory.toString().equals("-")) {
            return loader.builtIn();
        }
        try {
            return loader.compileUntried(loader.read(directory), directory);
        } catch (PolicyException e) {
            PolicyCommand.print(directory, e, out);
            throw e;
        }
    }

    private void show(PrintWriter out, String where, List<PolicyDiff.Change> changes) {
        for (PolicyDiff.Change change : changes) {
            if (listed++ < list) {
                out.println(where + ": " + words(change.kind()) + ": "
                        + change.detail().replaceAll("\\p{Cntrl}", "?"));
            }
        }
    }

    private static String words(PolicyDiff.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private int summary(PrintWriter out, PolicyDiff diff) {
        if (listed > list) {
            out.println("and " + (listed - list) + " more changes (--list)");
        }
        out.println(diff.records() + " logs");
        for (PolicyDiff.Kind kind : PolicyDiff.Kind.values()) {
            out.println("  " + words(kind) + ": " + diff.counts().getOrDefault(kind, 0L));
        }
        return diff.counts().isEmpty() ? 0 : 1;
    }

    private static void sampled(Sink sink, String file) throws IOException {
        try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            NdjsonLines lines = new NdjsonLines(in);
            while (lines.next()) {
                sink.take("line " + lines.number(), Arrays.copyOfRange(lines.bytes(), lines.from(), lines.to()));
            }
        }
    }

    /** Pages through the store, the newest first. */
    private void stored(Sink sink) throws NotReady {
        ObjectMapper json = new ObjectMapper();
        String cursor = "";
        int left = last;
        while (left > 0) {
            HttpResponse<byte[]> answer = api.get("/v1/records?limit=" + Math.min(PAGE, left)
                    + (cursor.isEmpty() ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8)));
            try {
                JsonNode page = json.readTree(answer.body());
                if (answer.statusCode() != 200) {
                    throw new NotReady("the program answered " + answer.statusCode() + ": "
                            + JourneyStory.plain(page.path("detail").asText()));
                }
                for (JsonNode record : page.path("records")) {
                    if (record.path("signal").asText().equals("log") && left-- > 0) {
                        sink.take(
                                "record " + record.path("record_id").asText(),
                                json.writeValueAsBytes(record.path("record")));
                    }
                }
                cursor = page.path("next_cursor").asText("");
                if (cursor.isEmpty() || cursor.equals("null")) {
                    return;
                }
            } catch (IOException e) {
                throw new NotReady("the answer is not a page of records");
            }
        }
    }
}
