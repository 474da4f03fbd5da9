package dev.throughline.masking;

import dev.throughline.masking.detect.ContextWords;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.KeyNames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * What a member's name says, packed: context for numbers (16 bits), marks, the rule. Found once for each distinct name while it is
 * remembered.
 */
final class KeyFinding {
    static final int CONTEXT = 0xFFFF;
    /** The name itself holds what must be masked; never remembered. */
    static final int DIRTY = 1 << 16;
    /** {@code value}: the name may stand in a sibling {@code key} or {@code name}. */
    static final int VALUE = 1 << 17;
    /** An id or time of OTLP's structure. */
    static final int OTLP_ID = 1 << 18;
    /** Below it is what senders wrote, not OTLP's structure. */
    static final int ATTRIBUTES = 1 << 19;
    /** At a log's root: only what no business number looks like is masked. */
    static final int SURE_ONLY = 1 << 20;

    private static final int RULE_SHIFT = 22;

    private static final Set<String> OTLP_IDS = Set.of(
            "traceId",
            "spanId",
            "parentSpanId",
            "startTimeUnixNano",
            "endTimeUnixNano",
            "timeUnixNano",
            "observedTimeUnixNano",
            "count",
            "asInt");
    private static final Set<String> ATTRIBUTE_LISTS = Set.of("attributes", "filteredAttributes", "body");
    private static final Set<String> OWN_IDS =
            Set.of("request_id", "idempotency_key", "entity_id", "entity_type", "log.record.uid");

    private static final Set<String> REQUEST_IDS = Set.of("request_id", "idempotency_key");

    private final FieldRules rules;
    private final TextMask text;
    private final int[] byNumber = new int[KeyNames.NUMBERS];
    /** Of names without a number. */
    private final KeyMemory memory = new KeyMemory();

    KeyFinding(FieldRules rules, TextMask text) {
        this.rules = rules;
        this.text = text;
        Arrays.fill(byNumber, KeyMemory.UNKNOWN);
    }

    /** The rule of a finding, or {@link FieldRules#NONE}. */
    static int rule(int finding) {
        return (finding >>> RULE_SHIFT) - 1;
    }

    int of(JsonTape tape, int key) {
        int number = tape.keyNumber(key);
        int known = number == 0 ? memory.find(tape, key) : byNumber[number];
        if (known != KeyMemory.UNKNOWN) {
            return known;
        }
        String name = tape.text(key);
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        if (text.preview(utf8, 0, utf8.length, 0, false)) {
            return ofName(new String(text.bytes(), 0, text.length(), StandardCharsets.UTF_8)) | DIRTY;
        }
        int finding = ofName(name);
        if (number == 0) {
            memory.keep(tape, key, finding);
        } else {
            byNumber[number] = finding;
        }
        return finding;
    }

    /** For a name that stands in a {@code key} member. */
    int ofName(String name) {
        String normalised = KeyName.normalised(name);
        int context = KeyName.context(normalised);
        int finding = context & CONTEXT;
        finding |= (rules.byName(normalised) + 1) << RULE_SHIFT;
        finding |= name.equals("value") ? VALUE : 0;
        finding |= OTLP_IDS.contains(name) ? OTLP_ID : 0;
        finding |= ATTRIBUTE_LISTS.contains(name) ? ATTRIBUTES : 0;
        finding |= OWN_IDS.contains(name) ? SURE_ONLY : 0;
        // Nobody numbers requests like cards; orders are numbered so.
        finding |= REQUEST_IDS.contains(name) ? ContextWords.CARD : 0;
        return finding;
    }
}
