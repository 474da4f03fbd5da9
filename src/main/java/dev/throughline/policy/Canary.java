package dev.throughline.policy;

import dev.throughline.contract.schema.Violations;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.PairMemory;
import dev.throughline.telemetry.ReceivedRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Watches a new policy: of each connector's logs, the share that it refuses and the one before would have taken. What both refuse does
 * not count, so that no baseline is needed. Shared by all workers, each of which takes a {@link #session()}; thread-safe.
 */
public final class Canary {
    /** Further connectors are counted together. */
    private static final int CONNECTORS_MAX = 1_000;

    /** Of one that conforms. */
    private static final int CONNECTOR_LENGTH_MAX = 100;

    private static final String OTHERS = "(others)";

    private final Policy previous;
    private final CanarySettings settings;
    private final Instant until;
    private final Runnable alarm;
    private final Map<String, Counts> counts = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Finding> tripped = new AtomicReference<>();

    /** The share of a connector that went over the bound. */
    public record Finding(String connector, long received, long refused) {
        @Override
        public String toString() {
            return "of " + received + " records of " + connector + ", " + refused
                    + " are refused that the policy before would have taken";
        }
    }

    private static final class Counts {
        final LongAdder received = new LongAdder();
        final LongAdder refused = new LongAdder();
    }

    /**
     * Watches a policy that takes the place of another.
     *
     * @param settings the new policy's
     * @param until when it is watched no more
     * @param tripped told once, by whoever meets the bound
     */
    public Canary(Policy previous, CanarySettings settings, Instant until, Runnable tripped) {
        this.previous = previous;
        this.settings = settings;
        this.until = until;
        this.alarm = tripped;
    }

    /** The policy that is put in force again where the bound is passed. */
    public Policy previous() {
        return previous;
    }

    /** When it is watched no more. */
    public Instant until() {
        return until;
    }

    /** What went over the bound first; null so far. */
    public @Nullable Finding finding() {
        return tripped.get();
    }

    public Session session() {
        return new Session();
    }

    private void add(String connector, long received, long refused) {
        boolean room = counts.containsKey(connector) || counts.size() < CONNECTORS_MAX;
        Counts own = counts.computeIfAbsent(room ? connector : OTHERS, ignored -> new Counts());
        own.received.add(received);
        own.refused.add(refused);
        long all = own.received.sum();
        long bad = own.refused.sum();
        if (all >= settings.recordsMin() && bad > settings.refusalRateMax() * all) {
            if (tripped.compareAndSet(null, new Finding(connector, all, bad))) {
                alarm.run();
            }
        }
    }

    /** One worker's counts of the request at hand; not thread-safe. */
    public final class Session {
        private static final int SLOTS = 256;

        private final PairMemory<Seen> seen = new PairMemory<>(SLOTS, (connector, ignored) -> new Seen(connector));
        private final List<Seen> ofRequest = new ArrayList<>();
        private final Violations violations = new Violations(1);

        private static final class Seen {
            final String connector;
            long received;
            long refused;

            Seen(String connector) {
                this.connector = connector.length() > CONNECTOR_LENGTH_MAX ? OTHERS : connector;
            }
        }

        Session() {}

        /** Counts a log that was taken. */
        public void taken(ReceivedRecord log) {
            count(log);
        }

        /**
         * Counts a log that was refused.
         *
         * @param correlated whether it has a correlation id by its request's headers or its trace
         * @param ids bits of {@link dev.throughline.contract.CorrelationMapping.Id} that its request's headers give it
         */
        public void refused(ReceivedRecord log, boolean correlated, int ids) {
            Seen own = count(log);
            if (own != null && wasTaken(log, new Conformity.Given(correlated, ids))) {
                own.refused++;
            }
        }

        private @Nullable Seen count(ReceivedRecord log) {
            int node = log.node(Field.CONNECTOR);
            if (node < 0) {
                return null;
            }
            Seen own = seen.get(log.tape(), node, -1);
            if (own.received++ == 0) {
                ofRequest.add(own);
            }
            return own;
        }

        private boolean wasTaken(ReceivedRecord log, Conformity.Given given) {
            RecordRules rules = previous.rulesOf(text(log, Field.CONNECTOR), text(log, Field.TENANT_ID));
            return Conformity.refusal(previous, rules, log, given, violations) == null;
        }

        private static String text(ReceivedRecord log, Field field) {
            return log.has(field) ? log.tape().text(log.node(field)) : "";
        }

        /** Gives the counts of the request to all. */
        public void end() {
            for (Seen own : ofRequest) {
                add(own.connector, own.received, own.refused);
                own.received = 0;
                own.refused = 0;
            }
            ofRequest.clear();
        }
    }
}
