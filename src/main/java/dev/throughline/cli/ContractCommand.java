package dev.throughline.cli;

import dev.throughline.contract.SchemaCatalogue;
import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.SchemaException;
import dev.throughline.contract.schema.SchemaOptions;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code throughline contract}: checks records against schemas without a server. */
@RegisterForReflection
@Command(
        name = "contract",
        description = "Checks records against a contract.",
        mixinStandardHelpOptions = true,
        subcommands = ContractCommand.Validate.class)
public final class ContractCommand {

    /** {@code contract validate}. */
    @RegisterForReflection
    @Command(
            name = "validate",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Reads NDJSON and prints one verdict a line:",
                "{\"line\":n,\"valid\":…,\"violations\":[{\"pointer\",\"keyword\",\"code\"}]}.",
                "Exit code: 0 all conform, 1 some do not, 2 the call or the schema is wrong."
            })
    public static final class Validate implements Callable<Integer> {
        private final InputStream in;
        private final OutputStream out;
        private final PrintStream err;

        @Option(
                names = "--schema",
                paramLabel = "FILE",
                description =
                        "a JSON Schema 2020-12, or a built-in one by name: integration-log/v1, integration-span/v1")
        private @Nullable String schema;

        @Option(
                names = "--pairs",
                description = "each line is {\"schema\":…,\"data\":…}; formats are asserted only with --assert-format")
        private boolean pairs;

        @Option(
                names = "--remotes",
                paramLabel = "FILE",
                description = "a JSON object of schemas by the URI that a reference may name (nothing is ever fetched)")
        private @Nullable Path remotes;

        @Option(
                names = "--assert-format",
                negatable = true,
                description = "whether format is asserted (default: yes, with --pairs no)")
        private @Nullable Boolean assertFormat;

        @Parameters(paramLabel = "FILE", description = "NDJSON files; none or - is standard input")
        private List<String> files = new ArrayList<>();

        /** For the command line. */
        public Validate() {
            this(System.in, System.out, System.err);
        }

        Validate(InputStream in, OutputStream out, PrintStream err) {
            this.in = in;
            this.out = out;
            this.err = err;
        }

        @Override
        public Integer call() {
            if (pairs == (schema != null)) {
                return fail("give either --schema FILE or --pairs");
            }
            boolean formats = assertFormat != null ? assertFormat : !pairs;
            try (OutputStream buffered = new BufferedOutputStream(out, 1 << 16)) {
                SchemaOptions options = new SchemaOptions(
                        formats,
                        remotes == null ? java.util.Map.of() : SchemaFiles.remotes(Files.readAllBytes(remotes)));
                Verdicts verdicts = pairs
                        ? Verdicts.ofPairs(options, buffered)
                        : Verdicts.ofSchema(load(String.valueOf(schema), options), buffered);
                for (String file : files.isEmpty() ? List.of("-") : files) {
                    run(file, verdicts);
                }
                return verdicts.allValid() ? 0 : 1;
            } catch (SchemaException broken) {
                return fail("schema: " + broken.getMessage());
            } catch (NoSuchFileException missing) {
                return fail("no such file: " + missing.getFile());
            } catch (IOException unreadable) {
                return fail("cannot read or write: " + unreadable.getMessage());
            }
        }

        private void run(String file, Verdicts verdicts) throws IOException {
            if (file.equals("-")) {
                verdicts.run(new NdjsonLines(in));
                return;
            }
            try (InputStream opened = Files.newInputStream(Path.of(file))) {
                verdicts.run(new NdjsonLines(opened));
            }
        }

        private static JsonSchema load(String name, SchemaOptions options) throws IOException, SchemaException {
            Path file = Path.of(name);
            if (!Files.exists(file)) {
                byte[] builtIn = SchemaCatalogue.builtIn().source(name);
                if (builtIn != null) {
                    return JsonSchema.compile(builtIn, options);
                }
            }
            return JsonSchema.compile(Files.readAllBytes(file), options);
        }

        private int fail(String problem) {
            err.println("throughline contract validate: " + problem);
            return 2;
        }
    }
}
