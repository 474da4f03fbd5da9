package dev.throughline.policy;

import dev.throughline.masking.Action;
import dev.throughline.masking.FieldRule;
import dev.throughline.masking.Masker;
import dev.throughline.masking.MaskingRules;
import dev.throughline.masking.PseudonymKeys;
import dev.throughline.masking.detect.Detector;
import dev.throughline.policy.document.Place;
import dev.throughline.policy.document.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code masking}: field rules before the built-in ones, detectors over the built-in ones. */
final class MaskingSection {
    private static final String[] ACTION_KEYS = {"action", "keep_last", "label", "type", "shadow"};
    private static final String[] FIELD_KEYS = {"name", "path", "action", "keep_last", "label", "type", "shadow"};

    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_<>\\[\\]]{1,38}");
    private static final Pattern TYPE = Pattern.compile("[a-z_]{1,24}");

    private final Section masking;
    private final Path directory;
    private final List<NamedRule> fields = new ArrayList<>();
    private final List<FieldRule> enforced = new ArrayList<>();
    private final List<FieldRule> tried = new ArrayList<>();
    private final IdentityHashMap<Action, String> triedNames = new IdentityHashMap<>();
    private final Map<Detector, Action> detectors = new LinkedHashMap<>();
    private final Map<Detector, Action> triedDetectors = new LinkedHashMap<>();
    /** What has a rule already, and where. */
    private final Map<String, Place> taken = new HashMap<>();

    private @Nullable Path keyFile;

    /**
     * A rule of the policy's own.
     *
     * @param name what reports call it: {@code customer_email}, {@code /billing/vat_id}
     */
    record NamedRule(String name, FieldRule rule) {}

    /** @param directory that a relative key file is looked for in */
    MaskingSection(Section document, Path directory) {
        this.masking = document.section("masking", "fields", "detectors", "protected", "pseudonyms");
        this.directory = directory;
        readFields();
        readProtected();
        readDetectors(masking.section("detectors"), detectors, triedDetectors);
    }

    /** The rules of the policy's own that are enforced, in their order. */
    List<NamedRule> fields() {
        return List.copyOf(fields);
    }

    /** What the policy says of detectors. */
    Map<Detector, Action> detectors() {
        return Map.copyOf(detectors);
    }

    /** Where the pseudonyms' key is read from; null where there are none. */
    @Nullable
    Path keyFile() {
        return keyFile;
    }

    private void readFields() {
        for (Section field : masking.list("fields", FIELD_KEYS)) {
            if (field.has("name") == field.has("path")) {
                field.problem("missing_key", "either name or path is expected");
                continue;
            }
            String key = field.has("name") ? "name" : "path";
            String name = field.string(key, "");
            FieldRule rule = rule(field, key, name, action(field, "FIELD"));
            if (rule == null) {
                continue;
            }
            Place other = taken.putIfAbsent(rule.selector().identity(), field.placeOf(key));
            if (other != null) {
                field.problem(key, "duplicate_name", "there is a rule for it already, at " + other);
            }
            needsKey(field, rule.action());
            if (field.bool("shadow", false)) {
                tried.add(rule);
                triedNames.put(rule.action(), name);
            } else {
                enforced.add(rule);
                fields.add(new NamedRule(name, rule));
            }
        }
    }

    private void needsKey(Section rule, Action action) {
        if (action instanceof Action.Pseudonymise
                && !masking.section("pseudonyms").has("key_id")) {
            rule.problem("action", "missing_key", "masking.pseudonyms is needed: key_id and key_file");
        }
    }

    private void readProtected() {
        for (Section.Text text : masking.texts("protected")) {
            try {
                Action protect = new Action.Protect();
                FieldRule rule = text.text().startsWith("/")
                        ? FieldRule.at(text.text(), protect)
                        : FieldRule.named(text.text(), protect);
                Place other = taken.putIfAbsent(rule.selector().identity(), text.place());
                if (other != null) {
                    masking.problems()
                            .add(
                                    text.place(),
                                    text.pointer(),
                                    "duplicate_name",
                                    "there is a rule for it already, at " + other);
                    continue;
                }
                enforced.add(rule);
                fields.add(new NamedRule(text.text(), rule));
            } catch (IllegalArgumentException e) {
                masking.problems().add(text.place(), text.pointer(), "invalid_masking", String.valueOf(e.getMessage()));
            }
        }
    }

    private static @Nullable FieldRule rule(Section field, String key, String name, @Nullable Action action) {
        if (action == null) {
            return null;
        }
        try {
            return key.equals("name") ? FieldRule.named(name, action) : FieldRule.at(name, action);
        } catch (IllegalArgumentException e) {
            field.problem(key, "invalid_masking", String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Reads detectors and what they do. */
    static void readDetectors(Section section, Map<Detector, Action> enforced, Map<Detector, Action> tried) {
        for (Map.Entry<String, Section> entry : section.sections(ACTION_KEYS).entrySet()) {
            Section place = entry.getValue();
            Optional<Detector> detector = Detector.ofLabel(entry.getKey());
            if (detector.isEmpty()) {
                section.keyProblem(entry.getKey(), "unknown_key", "there is no such detector; known here: " + labels());
                continue;
            }
            Action action = action(place, detector.get().label().toUpperCase(Locale.ROOT));
            if (action instanceof Action.Drop) {
                place.problem("action", "not_in_enum", "a detector keeps, masks, redacts or pseudonymises");
            } else if (action != null) {
                (place.bool("shadow", false) ? tried : enforced).put(detector.get(), action);
            }
        }
    }

    private static String labels() {
        StringBuilder labels = new StringBuilder();
        for (Detector detector : Detector.values()) {
            labels.append(labels.isEmpty() ? "" : ", ").append(detector.label());
        }
        return labels.toString();
    }

    private static @Nullable Action action(Section place, String label) {
        int keepLast = place.integer("keep_last", 0, 0, Action.Mask.KEEP_LAST_MAX);
        String given = place.string("label", label, LABEL, "a label of 1 to 38 letters, digits or _[]<>");
        String type = place.string("type", "", TYPE, "a type of 1 to 24 lower-case letters or _");
        try {
            return switch (place.oneOf("action", "redact", "keep", "drop", "mask", "redact", "pseudonymise")) {
                case "keep" -> new Action.Keep();
                case "drop" -> new Action.Drop();
                case "mask" -> new Action.Mask(keepLast);
                case "pseudonymise" -> {
                    if (!place.has("type")) {
                        place.missing("type");
                    }
                    yield type.isEmpty() ? null : new Action.Pseudonymise(type);
                }
                default -> new Action.Redact("[" + given + "]");
            };
        } catch (IllegalArgumentException e) {
            place.problem("invalid_masking", String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** The rules that are enforced; those of a tenant's detectors over the policy's. */
    MaskingRules rules(Map<Detector, Action> tenant) {
        MaskingRules.Builder rules = MaskingRules.builder();
        enforced.forEach(rules::rule);
        rules.builtInDetectors().builtInFields();
        Map<Detector, Action> all = new LinkedHashMap<>(detectors);
        all.putAll(tenant);
        all.forEach((detector, action) -> {
            if (action instanceof Action.Keep) {
                rules.without(detector);
            } else {
                rules.detector(detector, action);
            }
        });
        return rules.build();
    }

    /** Null, with a problem noted, where it cannot be made. */
    @Nullable
    Masker masker(Map<Detector, Action> tenant, @Nullable PseudonymKeys keys) {
        try {
            return new Masker(rules(tenant), keys);
        } catch (IllegalArgumentException e) {
            if (masking.problems().isEmpty()) {
                masking.problem("invalid_masking", String.valueOf(e.getMessage()));
            }
            return null;
        }
    }

    /** The rules that are only tried; null where there are none. */
    @Nullable
    ShadowMasking shadow(@Nullable PseudonymKeys keys) {
        if (tried.isEmpty() && triedDetectors.isEmpty()) {
            return null;
        }
        MaskingRules.Builder rules = MaskingRules.builder();
        tried.forEach(rules::rule);
        // One that would be turned off is counted by what it finds.
        triedDetectors.forEach((detector, action) -> rules.detector(
                detector, action instanceof Action.Keep ? new Action.Redact(detector.redaction()) : action));
        try {
            return new ShadowMasking(new Masker(rules.build(), keys), triedNames);
        } catch (IllegalArgumentException e) {
            masking.problem("invalid_masking", String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** The key is a secret: the policy names its id and its file, never the key itself. */
    @Nullable
    PseudonymKeys keys() {
        Section pseudonyms = masking.section("pseudonyms", "key_id", "key_file");
        if (pseudonyms.keys().isEmpty()) {
            return null;
        }
        String id = pseudonyms.required("key_id");
        String file = pseudonyms.required("key_file");
        if (id.isEmpty() || file.isEmpty()) {
            return null;
        }
        try {
            Path path = directory.resolve(file);
            keyFile = path;
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                pseudonyms.problem("key_file", "unreadable_file", "the key's file is no regular file");
                return null;
            }
            if (Files.size(path) != PseudonymKeys.MASTER_BYTES) {
                pseudonyms.problem("key_file", "invalid_key", "a master key has 32 bytes");
                return null;
            }
            return new PseudonymKeys(id, Files.readAllBytes(path));
        } catch (IOException | java.nio.file.InvalidPathException _) {
            pseudonyms.problem("key_file", "unreadable_file", "the key's file cannot be read");
        } catch (IllegalArgumentException e) {
            pseudonyms.problem("key_id", "invalid_key", String.valueOf(e.getMessage()));
        }
        return null;
    }
}
