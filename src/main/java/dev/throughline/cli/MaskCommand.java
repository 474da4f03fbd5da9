package dev.throughline.cli;

import dev.throughline.masking.Masker;
import dev.throughline.masking.MaskingRules;
import dev.throughline.masking.MaskingSession;
import dev.throughline.masking.Outcome;
import dev.throughline.masking.PseudonymKeys;
import dev.throughline.policy.PolicyLoader;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonWriter;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code throughline mask}: NDJSON in, masked NDJSON out, hits by detector on standard error as {@code detector<TAB>count}.
 * Exit code 1 where a line was refused; nothing of a refused line is printed. Pseudonyms of this command are made under a key
 * that is thrown away.
 */
@Command(
        name = "mask",
        mixinStandardHelpOptions = true,
        description = "Masks NDJSON: prints masked lines and, on standard error, hits by detector.")
@RegisterForReflection
public final class MaskCommand implements Callable<Integer> {
    private static final int LINE_BYTES_MAX = 64 << 20;
    private static final int BUFFER_BYTES = 1 << 16;

    private final Function<Path, MaskingRules> policyReader;
    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "Rules of this policy document instead of the built-in ones.")
    private @Nullable Path policy;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "NDJSON files; - or none is standard input.")
    private List<String> files = List.of();

    private boolean refused;

    public MaskCommand() {
        this(file -> new PolicyLoader().maskingRules(file));
    }

    /** @param policyReader reads the masking rules of a policy document */
    public MaskCommand(Function<Path, MaskingRules> policyReader) {
        this(policyReader, System.in, System.out, System.err);
    }

    MaskCommand(Function<Path, MaskingRules> policyReader, InputStream in, OutputStream out, PrintStream err) {
        this.policyReader = policyReader;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        MaskingRules rules = policy == null ? MaskingRules.builtIn() : policyReader.apply(policy);
        byte[] master = new byte[PseudonymKeys.MASTER_BYTES];
        new SecureRandom().nextBytes(master);
        MaskingSession session = new Masker(rules, new PseudonymKeys("cli", master)).session();
        for (String file : files.isEmpty() ? List.of("-") : files) {
            if (file.equals("-")) {
                mask(session, in);
            } else {
                try (InputStream source = Files.newInputStream(Path.of(file))) {
                    mask(session, source);
                }
            }
        }
        out.flush();
        Map<String, Long> hits = new TreeMap<>();
        session.drainHits(hits::put);
        hits.forEach((detector, count) -> err.print(detector + "\t" + count + "\n"));
        err.flush();
        return refused ? 1 : 0;
    }

    private void mask(MaskingSession session, InputStream source) throws IOException {
        InputStream buffered = new BufferedInputStream(source, BUFFER_BYTES);
        JsonTape tape = new JsonTape();
        JsonWriter line = new JsonWriter(4096);
        JsonWriter masked = new JsonWriter(4096);
        for (long number = 1; !PlainOutput.isBroken() && readLine(buffered, line); number++) {
            int from = JsonTape.skipBlanks(line.bytes(), 0, line.length());
            if (from == line.length()) {
                continue;
            }
            masked.reset();
            String problem = maskLine(session, tape, line, masked);
            if (problem == null) {
                out.write(masked.raw('\n').bytes(), 0, masked.length());
            } else {
                refused = true;
                err.print("{\"error\":{\"code\":\"" + problem + "\",\"line\":" + number + "}}\n");
            }
        }
    }

    private static @Nullable String maskLine(
            MaskingSession session, JsonTape tape, JsonWriter line, JsonWriter masked) {
        if (line.length() > LINE_BYTES_MAX) {
            return "line_too_long";
        }
        try {
            tape.parseWhole(line.bytes(), 0, line.length());
        } catch (JsonSyntaxException e) {
            return e.problem().isBound() ? e.problem().label() : "malformed_json";
        }
        return switch (session.maskDocument(tape, masked)) {
            case Outcome.Masked() -> null;
            case Outcome.Failed(Outcome.Failure failure) -> failure.code();
        };
    }

    /** Reads up to the next line feed; what is over the bound is read and not kept. */
    private static boolean readLine(InputStream source, JsonWriter line) throws IOException {
        line.reset();
        int b = source.read();
        if (b < 0) {
            return false;
        }
        while (b >= 0 && b != '\n') {
            if (line.length() <= LINE_BYTES_MAX) {
                line.raw((byte) b);
            }
            b = source.read();
        }
        return true;
    }
}
