package dev.throughline.ingest;

import dev.throughline.masking.MaskingSession;
import dev.throughline.policy.ActivePolicy.InForce;
import dev.throughline.policy.Canary;
import dev.throughline.policy.Policy;
import dev.throughline.policy.RecordRules;
import dev.throughline.policy.ShadowMasking;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.PairMemory;
import dev.throughline.telemetry.ReceivedRecord;
import org.jspecify.annotations.Nullable;

/** What one worker has of the policy in force: the rules of connectors and tenants that it met lately, and its masking sessions. */
final class PolicySession {
    private static final int REMEMBERED = 1024;

    private final PairMemory<RecordRules> remembered = new PairMemory<>(REMEMBERED, this::find);
    private InForce inForce;
    private @Nullable MaskingSession[] masking;
    private ShadowMasking.@Nullable Session shadow;
    private Canary.@Nullable Session canary;

    PolicySession(InForce first) {
        inForce = first;
        masking = new MaskingSession[first.policy().maskers().size()];
        take(first.policy());
        canary = first.canary() == null ? null : first.canary().session();
    }

    /** Takes what is in force now; whether it is another policy than before. */
    @SuppressWarnings("ReferenceEquality") // another one, whatever it says
    boolean begin(InForce current) {
        if (current == inForce) {
            return false;
        }
        boolean other = current.policy() != inForce.policy();
        inForce = current;
        if (other) {
            take(current.policy());
        }
        canary = current.canary() == null ? null : current.canary().session();
        return other;
    }

    private void take(Policy policy) {
        remembered.clear();
        masking = new MaskingSession[policy.maskers().size()];
        shadow = policy.shadowMasking() == null ? null : policy.shadowMasking().session();
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
        return inForce.policy().isUniform()
                ? inForce.policy().rules()
                : remembered.get(record.tape(), record.node(Field.CONNECTOR), record.node(Field.TENANT_ID));
    }

    private RecordRules find(String connector, String tenant) {
        return inForce.policy().rulesOf(connector, tenant);
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
