package dev.throughline.cli;

import dev.throughline.policy.Policy;
import dev.throughline.policy.PolicyCases;
import dev.throughline.policy.PolicyException;
import dev.throughline.policy.PolicyLoader;
import dev.throughline.policy.document.PolicyFiles;
import dev.throughline.policy.document.Problem;
import dev.throughline.telemetry.JsonWriter;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code throughline policy}: what a change does, before it is made. */
@RegisterForReflection
@Command(
        name = "policy",
        description = "Checks, tries and compares policies without a server.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PolicyCommand.Check.class,
            PolicyCommand.Test.class,
            PolicyDiffCommand.class,
            SchemaCompatCommand.class,
            PolicyCommand.SchemaCommand.class
        })
public final class PolicyCommand {
    private static final int FINE = 0;
    private static final int WRONG = 1;

    private PolicyCommand() {}

    /** {@code file:line:column: code: detail}, as compilers write it. */
    static String line(Path directory, Problem problem) {
        boolean inside = !problem.place().file().equals(directory.toString())
                && !problem.place().file().equals("built-in");
        return (inside ? directory.resolve("").toString() + "/" : "") + problem;
    }

    static void print(Path directory, PolicyException e, PrintWriter out) {
        e.problems().forEach(problem -> out.println(line(directory, problem)));
        if (e.dropped() > 0) {
            out.println("and " + e.dropped() + " more");
        }
    }

    private static PrintWriter out(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("the command line sets the spec before it calls");
        }
        return spec.commandLine().getOut();
    }

    /** {@code policy check}. */
    @RegisterForReflection
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = {
                "Loads a policy as the server would, its cases run, and prints everything that is wrong with it.",
                "Exit code: 0 it can be used, 1 it cannot."
            })
    public static final class Check implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "the directory with the policy's documents")
        private Path directory = Path.of(".");

        @Option(names = "--format", paramLabel = "FORMAT", description = "text or json (default: ${DEFAULT-VALUE})")
        private String format = "text";

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = out(spec);
            boolean json = format.equals("json");
            if (!json && !format.equals("text")) {
                throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "--format is text or json");
            }
            try {
                Policy policy = new PolicyLoader().load(directory);
                out.println(json ? json(policy, null) : "ok: " + summary(policy));
                return FINE;
            } catch (PolicyException e) {
                if (json) {
                    out.println(json(null, e));
                } else {
                    print(directory, e, out);
                }
                return WRONG;
            } finally {
                out.flush();
            }
        }

        private static String summary(Policy policy) {
            return "policy " + policy.name() + ", hash " + policy.shortHash() + "; "
                    + policy.connectors().size() + " connectors, "
                    + policy.tenants().size() + " tenants, "
                    + policy.objectives().size() + " objectives, "
                    + policy.alerts().size() + " alerts";
        }

        private static String json(@Nullable Policy policy, @Nullable PolicyException e) {
            JsonWriter out = new JsonWriter(512);
            out.raw('{').member("valid").ascii(policy == null ? "false" : "true");
            if (policy != null) {
                out.member("name").string(policy.name());
                out.member("hash").string(policy.shortHash());
            }
            Problem.json(e == null ? List.of() : e.problems(), out.member("problems"));
            out.member("more").number(e == null ? 0 : e.dropped()).raw('}');
            return new String(out.toByteArray(), StandardCharsets.UTF_8);
        }
    }

    /** {@code policy test}. */
    @RegisterForReflection
    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = {
                "Runs the cases beside a policy (kind: PolicyTest), and says which rules, detectors, routes and schemas no case touches.",
                "Exit code: 0 all hold, 1 some do not, or the policy cannot be used."
            })
    public static final class Test implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "the directory with the policy and its cases")
        private Path directory = Path.of(".");

        @Option(names = "--require-coverage", description = "exit code 1 where anything is untouched")
        private boolean requireCoverage;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = out(spec);
            try {
                PolicyLoader loader = new PolicyLoader();
                PolicyFiles files = loader.read(directory);
                Policy policy = loader.compileUntried(files, directory);
                PolicyCases.Report report = loader.cases(files).run(policy);
                report.passed().forEach(name -> out.println("ok      " + name));
                report.failures().forEach(failure -> out.println("FAILED  " + line(directory, failure)));
                report.found().forEach((name, record) -> out.println("found   " + name + ": " + record));
                report.untouched()
                        .forEach((kind, names) ->
                                out.println("no case touches " + kind + ": " + String.join(", ", names)));
                out.println(report.passed().size() + " cases hold, "
                        + report.failures().size() + " expectations failed");
                boolean good = report.failures().isEmpty()
                        && (!requireCoverage || report.untouched().isEmpty());
                return good ? FINE : WRONG;
            } catch (PolicyException e) {
                print(directory, e, out);
                return WRONG;
            } finally {
                out.flush();
            }
        }
    }

    /** {@code policy schema}. */
    @RegisterForReflection
    @Command(
            name = "schema",
            mixinStandardHelpOptions = true,
            description = "Prints the JSON Schema of the policy document, for editors.")
    public static final class SchemaCommand implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = out(spec);
            out.print(new String(PolicyLoader.schema(), StandardCharsets.UTF_8));
            out.flush();
            return FINE;
        }
    }
}
