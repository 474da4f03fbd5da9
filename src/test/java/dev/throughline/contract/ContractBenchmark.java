package dev.throughline.contract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.Violations;
import dev.throughline.telemetry.JsonTape;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Objects;

/**
 * A plain loop over 617-byte reference events: CPU nanoseconds an event and multiples of one Jackson token walk over the same bytes, for
 * the tape and for tape and contract. Run with {@code main}; the best of the measured rounds is printed.
 */
public final class ContractBenchmark {
    private static final int EVENTS = 20_000;
    private static final int ROUNDS = 100;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private interface Pass {
        int run(byte[] ndjson) throws Exception;
    }

    private ContractBenchmark() {}

    public static void main(String[] args) throws Exception {
        byte[] ndjson = ReferenceEvents.ndjson(EVENTS, 1);
        JsonFactory jackson = new JsonFactory();
        JsonTape tape = new JsonTape();
        Violations violations = new Violations();
        JsonSchema contract = Objects.requireNonNull(SchemaCatalogue.builtIn().find(SchemaCatalogue.LOG));
        Pass walk = bytes -> walk(jackson, bytes);
        Pass parse = bytes -> validate(tape, null, violations, bytes);
        Pass both = bytes -> validate(tape, contract, violations, bytes);
        double walkNs = Double.MAX_VALUE;
        double parseNs = Double.MAX_VALUE;
        double bothNs = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            walkNs = Math.min(walkNs, measure(walk, ndjson));
            parseNs = Math.min(parseNs, measure(parse, ndjson));
            bothNs = Math.min(bothNs, measure(both, ndjson));
        }
        System.out.printf("token walk      %7.0f ns/event  1.00 TW%n", walkNs);
        System.out.printf("tape            %7.0f ns/event  %.2f TW%n", parseNs, parseNs / walkNs);
        System.out.printf("tape + contract %7.0f ns/event  %.2f TW%n", bothNs, bothNs / walkNs);
    }

    private static double measure(Pass pass, byte[] ndjson) throws Exception {
        long before = THREADS.getCurrentThreadCpuTime();
        int done = pass.run(ndjson);
        return (double) (THREADS.getCurrentThreadCpuTime() - before) / done;
    }

    private static int walk(JsonFactory jackson, byte[] ndjson) throws Exception {
        int tokens = 0;
        try (JsonParser parser = jackson.createParser(ndjson)) {
            while (parser.nextToken() != null) {
                tokens++;
            }
        }
        return tokens > 0 ? EVENTS : 0;
    }

    private static int validate(JsonTape tape, JsonSchema contract, Violations violations, byte[] ndjson)
            throws Exception {
        int valid = 0;
        int events = 0;
        for (int at = 0; at < ndjson.length; at = JsonTape.skipBlanks(ndjson, at, ndjson.length)) {
            at = tape.parse(ndjson, at, ndjson.length);
            events++;
            valid += contract == null || contract.validate(tape, 0, violations) ? 1 : 0;
        }
        if (valid != events) {
            throw new IllegalStateException(
                    "reference event refused: " + violations.pointer(0) + " " + violations.code(0));
        }
        return events;
    }
}
