package dev.throughline.ingest;

import dev.throughline.policy.ContractRules;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.PairMemory;
import dev.throughline.telemetry.ReceivedRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a connector has declared the error codes that it uses (L2): what was asked lately is remembered in a small direct-mapped
 * table, and the undeclared ones of a request are counted together. Belongs to one worker.
 */
final class ErrorCodes {
    private static final int REMEMBERED = 1024;

    private final PairMemory<Known> remembered = new PairMemory<>(REMEMBERED, this::known);
    private final List<Known> undeclared = new ArrayList<>();
    private ContractRules rules;

    private static final class Known {
        final String connector;
        final boolean declared;
        long count;

        Known(String connector, boolean declared) {
            this.connector = connector;
            this.declared = declared;
        }
    }

    ErrorCodes(ContractRules first) {
        rules = first;
    }

    private Known known(String connector, String code) {
        return new Known(connector, rules.declaresFor(connector, code));
    }

    /** Whether the code is declared; one that is not is counted. */
    @SuppressWarnings("ReferenceEquality") // another policy, whatever it says
    boolean isDeclared(ContractRules current, ReceivedRecord log) {
        if (current != rules) {
            remembered.clear();
            rules = current;
        }
        Known known = remembered.get(log.tape(), log.node(Field.CONNECTOR), log.node(Field.ERROR_CODE));
        if (!known.declared && known.count++ == 0) {
            undeclared.add(known);
        }
        return known.declared;
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
