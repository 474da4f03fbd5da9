package dev.throughline.cli;

import dev.throughline.FailureCode;
import dev.throughline.contract.SchemaCatalogue;
import dev.throughline.contract.compat.Compatibility;
import dev.throughline.contract.compat.Direction;
import dev.throughline.contract.compat.SchemaCompatibility;
import dev.throughline.contract.compat.Verdict;
import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.SchemaException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code schema-compat OLD NEW}: whether a change of a schema breaks those who write or read by it. */
@RegisterForReflection
@Command(
        name = "schema-compat",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compares two versions of a JSON Schema before the new one is released.",
            "backward: what conforms to OLD conforms to NEW. forward: what conforms to NEW conforms to OLD.",
            "Compatible is said where it is proved, incompatible with a record that shows it; anything else is",
            "undecided, which counts as not compatible.",
            "Exit code: 0 what is required holds, 1 it does not, 2 the call or a schema is wrong."
        })
public final class SchemaCompatCommand implements Callable<Integer> {
    /** Bytes of a schema that is read. */
    private static final int SCHEMA_BYTES_MAX = 16 << 20;

    private final PrintStream out;
    private final PrintStream err;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "OLD", description = "a JSON Schema 2020-12 file, or integration-log/v1, …")
    @SuppressWarnings("NullAway.Init")
    private String oldSchema;

    @Parameters(index = "1", paramLabel = "NEW", description = "what is to take its place")
    @SuppressWarnings("NullAway.Init")
    private String newSchema;

    @Option(
            names = "--require",
            paramLabel = "DIRECTION",
            description = "backward, forward, full or none (default: backward)")
    private String required = "backward";

    @Option(names = "--format", paramLabel = "FORMAT", description = "text or json (default: text)")
    private String format = "text";

    /** For the command line. */
    public SchemaCompatCommand() {
        this(new PrintStream(System.out, false, StandardCharsets.UTF_8), System.err);
    }

    SchemaCompatCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Reads, says what is wrong with it, and compares. */
    @Override
    public Integer call() {
        List<Direction> directions = directions();
        if (!format.equals("text") && !format.equals("json")) {
            throw new ParameterException(spec.commandLine(), "--format is text or json");
        }
        SchemaCatalogue catalogue = SchemaCatalogue.builtIn();
        byte[] before = read(oldSchema, catalogue);
        byte[] after = before.length == 0 ? before : read(newSchema, catalogue);
        if (after.length == 0) {
            return 2;
        }
        try {
            Compatibility found = SchemaCompatibility.compare(before, after, catalogue.options());
            boolean holds = directions.stream().allMatch(each -> found.of(each) instanceof Verdict.Compatible);
            boolean text = format.equals("text");
            out.print(text ? CompatibilityReport.text(found) : CompatibilityReport.json(found, required, holds));
            out.flush();
            return holds ? 0 : 1;
        } catch (SchemaException compiledBefore) {
            return fail(compiledBefore.code() + ": " + compiledBefore.pointer());
        }
    }

    private List<Direction> directions() {
        return switch (required) {
            case "backward" -> List.of(Direction.BACKWARD);
            case "forward" -> List.of(Direction.FORWARD);
            case "full" -> List.of(Direction.values());
            case "none" -> List.of();
            default -> throw new ParameterException(spec.commandLine(), "--require is backward, forward, full or none");
        };
    }

    /** A schema that compiles, or nothing where the problem was told. */
    private byte[] read(String name, SchemaCatalogue catalogue) {
        Path file = Path.of(name);
        try {
            byte[] builtIn = Files.exists(file) ? null : catalogue.source(name);
            if (builtIn == null && Files.size(file) > SCHEMA_BYTES_MAX) {
                fail(name + ": schema_too_large: more than " + SCHEMA_BYTES_MAX + " bytes");
                return new byte[0];
            }
            byte[] schema = builtIn != null ? builtIn : Files.readAllBytes(file);
            JsonSchema.compile(schema, catalogue.options());
            return schema;
        } catch (SchemaException broken) {
            String where = broken.schemaUri() + (broken.pointer().isEmpty() ? "" : "#" + broken.pointer());
            fail(name + ": " + broken.code() + ": " + (where.isEmpty() ? "not a JSON Schema" : where));
        } catch (NoSuchFileException missing) {
            fail(name + ": no_such_file: neither a file nor one of "
                    + String.join(", ", catalogue.names().stream().sorted().toList()));
        } catch (IOException unreadable) {
            fail(name + ": file_unreadable: " + FailureCode.of(unreadable));
        }
        return new byte[0];
    }

    private int fail(String problem) {
        err.println(spec.qualifiedName() + ": " + CompatibilityReport.printable(problem));
        return 2;
    }
}
