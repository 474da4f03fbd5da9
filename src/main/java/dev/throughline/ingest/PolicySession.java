package dev.throughline.ingest;

import dev.throughline.masking.MaskingSession;
import dev.throughline.policy.ActivePolicy.InForce;
import dev.throughline.policy.Canary;
import dev.throughline.policy.Policy;
import dev.throughline.policy.RecordRules;
import dev.throughline.policy.ShadowMasking;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What one worker has of the policy in force: the rules of connectors and tenants that it met lately, and its masking sessions. */
final class PolicySession {
    private static final int REMEMBERED = 1024;
    private static final byte[] NONE = new byte[0];

    private final @Nullable Known[] remembered = new Known[REMEMBERED];
    private InForce inForce;
    private @Nullable MaskingSession[] masking;
    private ShadowMasking.@Nullable Session shadow;
    private Canary.@Nullable Session canary;

    /** Rules, and whose they are. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Known(byte[] connector, byte[] tenant, RecordRules rules) {
        boolean isOf(JsonTape tape, int connectorNode, int tenantNode) {
            return is(tape, connectorNode, connector) && is(tape, tenantNode, tenant);
        }

        private static boolean is(JsonTape tape, int node, byte[] name) {
            return node < 0 ? name.length == 0 : tape.contentEquals(node, name);
        }
    }

    PolicySession(InForce first) {
        inForce = first;
        masking = new MaskingSession[first.policy().maskers().size()];
        take(first);
    }

    /** Takes what is in force now; whether it is another policy than before. */
    @SuppressWarnings("ReferenceEquality") // another one, whatever it says
    boolean begin(InForce current) {
        if (current == inForce) {
            return false;
        }
        boolean other = current.policy() != inForce.policy();
        inForce = current;
        take(current);
        return other;
    }

    private void take(InForce current) {
        Policy policy = current.policy();
        Arrays.fill(remembered, null);
        masking = new MaskingSession[policy.maskers().size()];
        shadow = policy.shadowMasking() == null ? null : policy.shadowMasking().session();
        canary = current.canary() == null ? null : current.canary().session();
    }

    Policy policy() {
        return inForce.policy();
    }

    /** Where the policy is watched. */
    Canary.@Nullable Session canary() {
        return canary;
    }

    /** Where the policy has masking rules that are tried only. */
    ShadowMasking.@Nullable Session shadow() {
        return shadow;
    }

    RecordRules rulesOf(ReceivedRecord record) {
        return inForce.policy().isUniform() ? inForce.policy().rules() : lookUp(record);
    }

    private RecordRules lookUp(ReceivedRecord record) {
        JsonTape tape = record.tape();
        int connector = record.node(Field.CONNECTOR);
        int tenant = record.node(Field.TENANT_ID);
        int hash = 31 * hash(tape, connector) + hash(tape, tenant);
        int slot = (hash ^ hash >>> 16) & (REMEMBERED - 1);
        Known known = remembered[slot];
        if (known == null || !known.isOf(tape, connector, tenant)) {
            String connectorName = connector < 0 ? "" : tape.text(connector);
            String tenantName = tenant < 0 ? "" : tape.text(tenant);
            known = new Known(
                    utf8(connectorName), utf8(tenantName), inForce.policy().rulesOf(connectorName, tenantName));
            remembered[slot] = known;
        }
        return known.rules();
    }

    private static byte[] utf8(String text) {
        return text.isEmpty() ? NONE : text.getBytes(StandardCharsets.UTF_8);
    }

    private static int hash(JsonTape tape, int node) {
        return node < 0 ? 0 : JsonTape.hash(tape.bytes(), tape.start(node), tape.end(node));
    }

    /** The session of these rules' masker. */
    MaskingSession masking(RecordRules rules) {
        MaskingSession session = masking[rules.maskerOrdinal()];
        if (session == null) {
            session = rules.masker().session();
            masking[rules.maskerOrdinal()] = session;
        }
        return session;
    }

    /** The session of whoever has no rules of its own. */
    MaskingSession masking() {
        return masking(inForce.policy().rules());
    }

    /** Gives what was counted in a request to all. */
    void end(IngestMetrics metrics) {
        for (MaskingSession session : masking) {
            if (session != null) {
                session.drainHits(metrics::maskingHits);
            }
        }
        if (shadow != null) {
            shadow.drain(metrics::shadowMaskingHits);
        }
        if (canary != null) {
            canary.end();
        }
    }
}
