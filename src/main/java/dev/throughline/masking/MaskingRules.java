package dev.throughline.masking;

import dev.throughline.masking.detect.Detector;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What is masked and how: an immutable value.
 *
 * @param fields in the order of precedence
 * @param detectors those that are on, with their action; those that are only for fields excepted
 */
public record MaskingRules(List<FieldRule> fields, Map<Detector, Action> detectors, MaskingBounds bounds) {
    static final int FIELD_RULES_MAX = 1_000;

    public MaskingRules {
        fields = List.copyOf(fields);
        detectors = Map.copyOf(detectors);
        if (fields.size() > FIELD_RULES_MAX) {
            throw new IllegalArgumentException("at most 1,000 rules for fields, the built-in ones counted");
        }
        for (Action action : detectors.values()) {
            boolean writes = action instanceof Action.Mask
                    || action instanceof Action.Redact
                    || action instanceof Action.Pseudonymise;
            if (!writes) {
                throw new IllegalArgumentException(
                        "a detector redacts, masks or pseudonymises; leave it out to turn it off");
            }
        }
    }

    /** Every detector redacts under its own label; fields that hold personal data by their name are redacted. */
    public static MaskingRules builtIn() {
        return builder().builtInDetectors().builtInFields().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public boolean pseudonymises() {
        return detectors.values().stream().anyMatch(Action.Pseudonymise.class::isInstance)
                || fields.stream().anyMatch(rule -> rule.action() instanceof Action.Pseudonymise);
    }

    /** Collects rules; a rule added earlier wins. */
    public static final class Builder {
        private final List<FieldRule> fields = new ArrayList<>();
        private final Map<Detector, Action> detectors = new EnumMap<>(Detector.class);
        private MaskingBounds bounds = MaskingBounds.DEFAULT;

        public Builder field(String name, Action action) {
            fields.add(FieldRule.named(name, action));
            return this;
        }

        public Builder path(String pointer, Action action) {
            fields.add(FieldRule.at(pointer, action));
            return this;
        }

        public Builder rule(FieldRule rule) {
            fields.add(rule);
            return this;
        }

        public Builder detector(Detector detector, Action action) {
            detectors.put(detector, action);
            return this;
        }

        public Builder without(Detector detector) {
            detectors.remove(detector);
            return this;
        }

        public Builder bounds(MaskingBounds limits) {
            bounds = limits;
            return this;
        }

        public Builder builtInDetectors() {
            for (Detector detector : Detector.values()) {
                detectors.put(detector, new Action.Redact(detector.redaction()));
            }
            return this;
        }

        public Builder builtInFields() {
            fields.addAll(BuiltInFields.rules());
            return this;
        }

        public MaskingRules build() {
            return new MaskingRules(fields, detectors, bounds);
        }
    }
}
