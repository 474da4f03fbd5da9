package dev.throughline.ingest;

import dev.throughline.policy.ContractRules;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a connector has declared the error codes that it uses (L2): what was asked lately is remembered in a small direct-mapped
 * table, and the undeclared ones of a request are counted together. Belongs to one worker.
 */
final class ErrorCodes {
    private static final int REMEMBERED = 1024;

    private final @Nullable Known[] remembered = new Known[REMEMBERED];
    private final List<Known> undeclared = new ArrayList<>();
    private @Nullable ContractRules rules;

    private static final class Known {
        final String connector;
        final byte[] connectorBytes;
        final byte[] code;
        final boolean declared;
        long count;

        Known(String connector, String code, boolean declared) {
            this.connector = connector;
            this.connectorBytes = connector.getBytes(StandardCharsets.UTF_8);
            this.code = code.getBytes(StandardCharsets.UTF_8);
            this.declared = declared;
        }

        boolean is(JsonTape tape, int connectorNode, int codeNode) {
            return tape.contentEquals(codeNode, code) && tape.contentEquals(connectorNode, connectorBytes);
        }
    }

    /** Whether the code is declared; one that is not is counted. */
    @SuppressWarnings("ReferenceEquality") // another policy, whatever it says
    boolean isDeclared(ContractRules current, ReceivedRecord log) {
        if (current != rules) {
            Arrays.fill(remembered, null);
            rules = current;
        }
        JsonTape tape = log.tape();
        int connector = log.node(Field.CONNECTOR);
        int code = log.node(Field.ERROR_CODE);
        int slot = (31 * hash(tape, connector) + hash(tape, code)) & (REMEMBERED - 1);
        Known known = remembered[slot];
        if (known == null || !known.is(tape, connector, code)) {
            known = new Known(tape.text(connector), tape.text(code), !current.hasUndeclaredErrorCode(log));
            remembered[slot] = known;
        }
        if (known.declared) {
            return true;
        }
        if (known.count++ == 0) {
            undeclared.add(known);
        }
        return false;
    }

    private static int hash(JsonTape tape, int node) {
        return JsonTape.hash(tape.bytes(), tape.start(node), tape.end(node));
    }

    /** Gives the counts of the request and starts over. */
    void drain(IngestMetrics metrics) {
        for (Known known : undeclared) {
            metrics.undeclaredErrorCodes(known.connector, known.count);
            known.count = 0;
        }
        undeclared.clear();
    }
}
