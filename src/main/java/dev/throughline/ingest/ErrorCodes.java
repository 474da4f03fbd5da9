package dev.throughline.ingest;

import dev.throughline.policy.ContractRules;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a connector has declared the error codes that it uses (L2): what was asked once is remembered, and the undeclared ones
 * of a request are counted together. Belongs to one worker.
 */
final class ErrorCodes {
    private static final int REMEMBERED_MAX = 4096;

    private final Map<Long, Known> remembered = new HashMap<>();
    private @Nullable ContractRules rules;

    private static final class Known {
        final String connector;
        final boolean declared;
        long undeclared;

        Known(String connector, boolean declared) {
            this.connector = connector;
            this.declared = declared;
        }
    }

    /** False where the record must be refused for it; an undeclared code that is only counted is as good as declared. */
    @SuppressWarnings("ReferenceEquality") // another policy, whatever it says
    boolean isDeclared(ContractRules current, ReceivedRecord log) {
        if (current != rules || remembered.size() > REMEMBERED_MAX) {
            remembered.clear();
            rules = current;
        }
        JsonTape tape = log.tape();
        long key = ((long) hash(tape, log.node(Field.CONNECTOR)) << 32)
                | (hash(tape, log.node(Field.ERROR_CODE)) & 0xFFFFFFFFL);
        Known known = remembered.get(key);
        if (known == null) {
            known = new Known(tape.text(log.node(Field.CONNECTOR)), !current.hasUndeclaredErrorCode(log));
            remembered.put(key, known);
        }
        if (known.declared) {
            return true;
        }
        known.undeclared++;
        return !current.refuseUndeclared();
    }

    private static int hash(JsonTape tape, int node) {
        return JsonTape.hash(tape.bytes(), tape.start(node), tape.end(node));
    }

    void drain(IngestMetrics metrics) {
        for (Known known : remembered.values()) {
            if (known.undeclared > 0) {
                metrics.undeclaredErrorCodes(known.connector, known.undeclared);
                known.undeclared = 0;
            }
        }
    }
}
