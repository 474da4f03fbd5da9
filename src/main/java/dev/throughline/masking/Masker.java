package dev.throughline.masking;

import dev.throughline.masking.detect.Detector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiled rules. Immutable and shared by all workers, each of which takes a {@link #session()}. */
public final class Masker {
    private final MaskingRules rules;
    private final @Nullable PseudonymKeys keys;
    private final FieldRules fields;
    private final List<@Nullable Action> actions;
    private final int enabled;

    /**
     * @param keys needed where a rule pseudonymises
     * @throws IllegalArgumentException where keys are missing, or a label would itself be masked
     */
    public Masker(MaskingRules rules, @Nullable PseudonymKeys keys) {
        if (keys == null && rules.pseudonymises()) {
            throw new IllegalArgumentException("a rule pseudonymises, but there is no key");
        }
        this.rules = rules;
        this.keys = keys;
        this.fields = new FieldRules(rules.fields());
        List<@Nullable Action> byOrdinal = new ArrayList<>();
        int bits = 0;
        for (int i = 0; i < Detector.count(); i++) {
            Detector detector = Detector.ofOrdinal(i);
            Action action = rules.detectors().get(detector);
            byOrdinal.add(action);
            bits |= action == null ? 0 : detector.bit();
        }
        this.actions = byOrdinal;
        this.enabled = bits;
        checkLabels();
    }

    private void checkLabels() {
        MaskingSession session = session();
        for (Map.Entry<Detector, Action> entry : rules.detectors().entrySet()) {
            checkLabel(session, entry.getValue());
        }
        for (FieldRule rule : rules.fields()) {
            checkLabel(session, rule.action());
        }
    }

    private static void checkLabel(MaskingSession session, Action action) {
        if (action instanceof Action.Redact redact) {
            byte[] label = redact.label().getBytes(StandardCharsets.US_ASCII);
            if (session.findsIn(label, 0, label.length)) {
                throw new IllegalArgumentException("a label looks like personal data");
            }
        }
    }

    public MaskingSession session() {
        return new MaskingSession(this);
    }

    public MaskingRules rules() {
        return rules;
    }

    @Nullable
    PseudonymKeys keys() {
        return keys;
    }

    FieldRules fields() {
        return fields;
    }

    int enabled() {
        return enabled;
    }

    @Nullable
    Action action(Detector detector) {
        return actions.get(detector.ordinal());
    }
}
