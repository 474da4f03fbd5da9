package dev.throughline.policy;

import dev.throughline.masking.Action;
import dev.throughline.masking.FieldRule;
import dev.throughline.masking.Masker;
import dev.throughline.masking.MaskingRules;
import dev.throughline.masking.PseudonymKeys;
import dev.throughline.masking.detect.Detector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code masking}: field rules before the built-in ones, detectors over the built-in ones. */
final class MaskingSection {
    private static final String[] ACTION_KEYS = {"action", "keep_last", "label", "type"};

    private MaskingSection() {}

    static Masker compile(Section masking) {
        MaskingRules rules = rules(masking);
        try {
            return new Masker(rules, keys(masking));
        } catch (IllegalArgumentException e) {
            throw new PolicyException("invalid_masking", masking.at(""), String.valueOf(e.getMessage()));
        }
    }

    private static MaskingRules rules(Section masking) {
        MaskingRules.Builder rules = MaskingRules.builder();
        for (Section field : masking.list("fields", "name", "path", "action", "keep_last", "label", "type")) {
            if (field.has("name") == field.has("path")) {
                throw new PolicyException("missing_key", field.at(""), "either name or path is expected");
            }
            try {
                rules.rule(
                        field.has("name")
                                ? FieldRule.named(field.required("name"), action(field, "FIELD"))
                                : FieldRule.at(field.required("path"), action(field, "FIELD")));
            } catch (IllegalArgumentException e) {
                throw new PolicyException("invalid_masking", field.at(""), String.valueOf(e.getMessage()));
            }
        }
        rules.builtInDetectors().builtInFields();
        for (Map.Entry<String, Section> entry :
                masking.section("detectors").sections(ACTION_KEYS).entrySet()) {
            Section place = entry.getValue();
            Detector detector = Detector.ofLabel(entry.getKey())
                    .orElseThrow(() -> new PolicyException("unknown_key", place.at(""), "there is no such detector"));
            Action action = action(place, detector.label().toUpperCase(java.util.Locale.ROOT));
            if (action instanceof Action.Keep) {
                rules.without(detector);
            } else {
                rules.detector(detector, action);
            }
        }
        try {
            return rules.build();
        } catch (IllegalArgumentException e) {
            throw new PolicyException("invalid_masking", masking.at(""), String.valueOf(e.getMessage()));
        }
    }

    private static Action action(Section place, String label) {
        try {
            return switch (place.oneOf("action", "redact", "keep", "drop", "mask", "redact", "pseudonymise")) {
                case "keep" -> new Action.Keep();
                case "drop" -> new Action.Drop();
                case "mask" -> new Action.Mask(place.integer("keep_last", 0, 0, Action.Mask.KEEP_LAST_MAX));
                case "pseudonymise" -> new Action.Pseudonymise(place.required("type"));
                default -> new Action.Redact("[" + place.string("label", label) + "]");
            };
        } catch (IllegalArgumentException e) {
            throw new PolicyException("invalid_masking", place.at(""), String.valueOf(e.getMessage()));
        }
    }

    /** The key is a secret: the policy names its id and its file, never the key itself. */
    private static @Nullable PseudonymKeys keys(Section masking) {
        Section pseudonyms = masking.section("pseudonyms", "key_id", "key_file");
        if (!pseudonyms.has("key_id")) {
            return null;
        }
        try {
            byte[] key = Files.readAllBytes(Path.of(pseudonyms.required("key_file")));
            return new PseudonymKeys(pseudonyms.required("key_id"), key);
        } catch (IOException e) {
            throw new PolicyException("unreadable_file", pseudonyms.at("key_file"), "the key file cannot be read");
        } catch (IllegalArgumentException e) {
            throw new PolicyException("invalid_key", pseudonyms.at(""), String.valueOf(e.getMessage()));
        }
    }
}
