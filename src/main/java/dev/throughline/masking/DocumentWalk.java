package dev.throughline.masking;

import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Walks one document and collects its cuts; JSON inside strings is walked by the walk one deeper. Not thread-safe.
 *
 * <p>Cuts are made in the order of the text. {@code flags} go down the tree.
 */
final class DocumentWalk {
    /** Members are OTLP's, not the sender's: their numbers and ids are structure. */
    static final int STRUCTURE = 1;
    /** Only what no business number looks like. */
    static final int SURE_ONLY = 1 << 1;

    /** The value is an id or a time of OTLP, if it is written as one. */
    private static final int OTLP_ID = 1 << 3;

    private static final int WHOLLY = 1;
    /** Of such keys, texts say how the value is treated. */
    private static final int BEYOND_SHAPE = KeyFinding.DIRTY | KeyFinding.VALUE;
    /** The root of a log that conforms to its contract. */
    static final int LOG_ROOT = 1 << 2;

    private static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAME = "name".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BYTES = "$bytes".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REDACTED_BYTES =
            Base64.getEncoder().encode("[REDACTED]".getBytes(StandardCharsets.US_ASCII));
    private static final byte[] DROPPED = "\"dropped\":true".getBytes(StandardCharsets.US_ASCII);
    /** Shorter texts hold nothing. */
    private static final int TEXT_BYTES_MIN = 4;

    private final FieldRules rules;
    private final TextMask text;
    private final KeyFinding keys;
    private final NumberText numbers;
    private final int depthLeft;
    private final Cuts cuts = new Cuts();
    private final JsonWriter decoded = new JsonWriter(256);
    private final JsonWriter encoded = new JsonWriter(256);
    private final JsonWriter rendered = new JsonWriter(256);
    private @Nullable DocumentWalk deeper;
    private @Nullable JsonTape ownTape;
    private JsonTape tape = new JsonTape();
    /** By node: {@link #WHOLLY}, {@link #SURE_ONLY} or 0; and the nodes that have one. */
    private byte[] exemptions = new byte[256];

    private final int[] exempt;
    private int exemptCount;
    private @Nullable MaskingPlan plan;

    DocumentWalk(FieldRules rules, TextMask text, KeyFinding keys, int depthLeft, int exemptMax) {
        this.rules = rules;
        this.text = text;
        this.keys = keys;
        this.numbers = new NumberText(text);
        this.depthLeft = depthLeft;
        this.exempt = new int[exemptMax];
    }

    Cuts cuts() {
        return cuts;
    }

    void begin(JsonTape document) {
        tape = document;
        cuts.reset();
        while (exemptCount > 0) {
            exemptions[exempt[--exemptCount]] = 0;
        }
    }

    /** Exempts a node of the contract's: wholly, or from all but the sure detectors. */
    void exempt(int node, boolean wholly) {
        if (node >= exemptions.length) {
            exemptions = Arrays.copyOf(exemptions, Math.max(node + 1, 2 * exemptions.length));
        }
        exemptions[node] = (byte) (wholly ? WHOLLY : SURE_ONLY);
        exempt[exemptCount++] = node;
    }

    private int exemption(int node) {
        return node < exemptions.length ? exemptions[node] : 0;
    }

    /** @param into takes what the walk comes to, where it is wanted */
    void walk(int flags, @Nullable MaskingPlan into) {
        plan = into;
        try {
            value(0, flags, 0, FieldRules.NONE, rules.pathsAtRoot());
        } finally {
            plan = null;
        }
    }

    /** Goes through the values that an earlier walk over a document of the same shape came to. */
    void walk(MaskingPlan known) {
        for (int i = 0; i < known.count(); i++) {
            int node = known.node(i);
            if (tape.kind(node) == JsonTape.STRING) {
                string(node, known.flags(i), known.context(i), known.action(i));
            } else {
                number(node, known.flags(i), known.context(i), known.action(i));
            }
        }
    }

    /** What comes now does not follow from the document's shape. */
    private void beyondShape() {
        MaskingPlan made = plan;
        if (made != null) {
            made.giveUp();
        }
    }

    private void planned(int node, int flags, int context, @Nullable Action action) {
        MaskingPlan made = plan;
        if (made != null) {
            made.add(node, flags, context, action);
        }
    }

    private void value(int node, int given, int context, int rule, int paths) {
        int flags = given;
        int exemption = exemption(node);
        if (exemption == WHOLLY) {
            return;
        }
        flags |= exemption;
        Action action = rule < 0 ? null : rules.action(rule);
        if (action instanceof Action.Keep) {
            return;
        }
        if (action instanceof Action.Protect) {
            flags |= SURE_ONLY;
            action = null;
        }
        switch (tape.kind(node)) {
            case JsonTape.OBJECT -> object(node, flags, context, rule, paths);
            case JsonTape.ARRAY -> array(node, flags, context, rule, paths);
            case JsonTape.STRING -> {
                planned(node, flags, context, action);
                string(node, flags, context, action);
            }
            case JsonTape.NUMBER -> {
                planned(node, flags, context, action);
                number(node, flags, context, action);
            }
            default -> {}
        }
    }

    private void array(int node, int flags, int context, int rule, int paths) {
        int index = 0;
        int inside = flags & ~LOG_ROOT;
        for (int item = tape.firstChild(node); item < tape.next(node); item = tape.next(item), index++) {
            int next = paths == PathRules.NOWHERE ? paths : rules.follow(paths, Integer.toString(index));
            int byPath = rules.byPath(next);
            value(item, inside, context, byPath >= 0 ? byPath : rule, next);
        }
    }

    private void object(int node, int flags, int context, int rule, int paths) {
        int first = tape.firstChild(node);
        int end = tape.next(node);
        if (tape.childCount(node) == 1 && tape.contentEquals(first, BYTES)) {
            beyondShape();
            bytes(first + 1, rule, context);
            return;
        }
        int kept = -1;
        int droppedFrom = -1;
        int previousEnd = -1;
        SiblingNames names = null;
        for (int key = first; key < end; key = tape.next(tape.value(key))) {
            int value = tape.value(key);
            if (exemption(value) == WHOLLY && droppedFrom < 0) {
                kept = key;
                previousEnd = tape.end(value) + (tape.kind(value) == JsonTape.STRING ? 1 : 0);
                continue;
            }
            int finding = keys.of(tape, key);
            if ((finding & BEYOND_SHAPE) != 0) {
                beyondShape();
            }
            int named = (finding & KeyFinding.VALUE) != 0 ? namedByKey(node, finding) : finding;
            int next = paths == PathRules.NOWHERE ? paths : rules.follow(paths, tape.text(key));
            int its = ruleOf(named, next, flags, rule);
            int valueEnd = tape.end(value) + (tape.kind(value) == JsonTape.STRING ? 1 : 0);
            if (its >= 0 && rules.action(its) instanceof Action.Drop) {
                beyondShape();
                text.dropped(rules.action(its));
                if (kept >= 0) {
                    cuts.add(previousEnd, valueEnd);
                } else if (droppedFrom < 0) {
                    droppedFrom = tape.start(key) - 1;
                }
            } else {
                if (droppedFrom >= 0) {
                    cuts.add(droppedFrom, tape.start(key) - 1);
                    droppedFrom = -1;
                }
                kept = key;
                if ((finding & KeyFinding.DIRTY) != 0) {
                    names = names == null ? SiblingNames.of(tape, node) : names;
                    name(key, names);
                }
                int bits = named & KeyFinding.CONTEXT;
                value(value, below(flags, named, value), bits != 0 ? bits : context, its, next);
            }
            previousEnd = valueEnd;
        }
        if (droppedFrom >= 0) {
            if (node == 0) {
                cuts.text().raw(DROPPED);
            }
            cuts.add(droppedFrom, previousEnd);
        }
    }

    private int ruleOf(int finding, int paths, int flags, int inherited) {
        int byPath = rules.byPath(paths);
        if (byPath >= 0 || (flags & STRUCTURE) != 0) {
            return byPath;
        }
        int byName = KeyFinding.rule(finding);
        return byName >= 0 ? byName : inherited;
    }

    private int below(int flags, int finding, int value) {
        int inside = flags & ~LOG_ROOT;
        if ((flags & STRUCTURE) != 0) {
            if ((finding & KeyFinding.ATTRIBUTES) != 0) {
                return inside & ~STRUCTURE;
            }
            boolean id = (finding & KeyFinding.OTLP_ID) != 0 && tape.kind(value) == JsonTape.STRING;
            return id ? inside | OTLP_ID : inside;
        }
        return (flags & LOG_ROOT) != 0 && (finding & KeyFinding.SURE_ONLY) != 0 ? inside | SURE_ONLY : inside;
    }

    /** In {@code {"key": "phone", "value": …}} the value is named by the key, or by the name where there is none. */
    private int namedByKey(int object, int finding) {
        int member = tape.member(object, KEY);
        int key = member >= 0 ? member : tape.member(object, NAME);
        return key >= 0 && tape.kind(key) == JsonTape.STRING ? keys.ofName(tape.text(key)) : finding;
    }

    /** Masks a member's name and keeps it apart from its siblings'. */
    private void name(int key, SiblingNames names) {
        byte[] utf8 = tape.text(key).getBytes(StandardCharsets.UTF_8);
        if (!text.mask(utf8, 0, utf8.length, 0, false)) {
            return;
        }
        String masked = new String(text.bytes(), 0, text.length(), StandardCharsets.UTF_8);
        byte[] out = names.distinct(masked).getBytes(StandardCharsets.UTF_8);
        cut(key, out, 0, out.length);
    }

    /** Replaces the content of a string or key by this text. */
    private void cut(int node, byte[] utf8, int from, int to) {
        encoded.reset();
        encoded.string(utf8, from, to);
        cuts.text().raw(encoded.bytes(), 1, encoded.length() - 1);
        cuts.add(tape.start(node), tape.end(node));
    }

    private void string(int node, int flags, int context, @Nullable Action action) {
        byte[] source = tape.bytes();
        int from = tape.start(node);
        int to = tape.end(node);
        if ((action == null && to - from < TEXT_BYTES_MIN)
                || ((flags & OTLP_ID) != 0 && IdShape.isHex(source, from, to))) {
            return;
        }
        if (tape.isEscaped(node)) {
            DecodedText.decode(source, from, to, decoded);
            source = decoded.bytes();
            from = 0;
            to = decoded.length();
        }
        if (action != null) {
            if (to > from && text.apply(action, source, from, to)) {
                cut(node, text.bytes(), 0, text.length());
            }
            return;
        }
        boolean nested = DecodedText.mayBeJson(source, from, to);
        if (nested && nested(node, source, from, to, flags, context)) {
            return;
        }
        if (text.mask(source, from, to, context, (flags & SURE_ONLY) != 0)) {
            cut(node, text.bytes(), 0, text.length());
        }
    }

    /** Whether the text was JSON; then it is masked inside. */
    private boolean nested(int node, byte[] source, int from, int to, int flags, int context) {
        int depthNow = depthLeft;
        DocumentWalk walk = deeper;
        if (walk == null) {
            walk = new DocumentWalk(rules, text, keys, depthNow - 1, 0);
            deeper = walk;
        }
        if (!walk.parses(source, from, to)) {
            return false;
        }
        if (depthNow <= 0) {
            throw new MaskingStop(Outcome.Failure.NESTED_DEPTH_EXCEEDED);
        }
        int inside = flags & SURE_ONLY;
        walk.value(0, inside, context, FieldRules.NONE, PathRules.NOWHERE);
        if (!walk.cuts.isEmpty()) {
            walk.rendered.reset();
            walk.cuts.render(source, from, to, walk.rendered);
            cut(node, walk.rendered.bytes(), 0, walk.rendered.length());
        }
        return true;
    }

    private boolean parses(byte[] source, int from, int to) {
        JsonTape own = ownTape == null ? new JsonTape() : ownTape;
        ownTape = own;
        try {
            own.parseWhole(source, from, to);
        } catch (JsonSyntaxException e) {
            if (e.problem().isBound()) {
                throw new MaskingStop(Outcome.Failure.NESTED_BOUND_EXCEEDED);
            }
            return false;
        }
        begin(own);
        return true;
    }

    private void number(int node, int flags, int context, @Nullable Action action) {
        byte[] source = tape.bytes();
        int from = tape.start(node);
        int to = tape.end(node);
        boolean changed;
        if (action != null) {
            changed = text.apply(action, source, from, to);
        } else {
            changed = (flags & (STRUCTURE | SURE_ONLY)) == 0
                    && numbers.mask(source, from, to, context, tape.isIntegerLiteral(node));
        }
        if (changed) {
            cuts.text().string(text.bytes(), 0, text.length());
            cuts.add(from, to);
        }
    }

    /** {@code {"$bytes": base64}}: replaced as a whole where its text has anything to mask. */
    private void bytes(int node, int rule, int context) {
        if (tape.kind(node) != JsonTape.STRING) {
            value(node, 0, context, rule, PathRules.NOWHERE);
            return;
        }
        byte[] source = tape.bytes();
        if (Arrays.equals(source, tape.start(node), tape.end(node), REDACTED_BYTES, 0, REDACTED_BYTES.length)) {
            return;
        }
        boolean hit = rule >= 0;
        try {
            byte[] content = Base64.getDecoder().decode(tape.text(node));
            hit |= text.mask(content, 0, content.length, context, false);
        } catch (IllegalArgumentException e) {
            string(node, 0, context, rule < 0 ? null : rules.action(rule));
            return;
        }
        if (hit) {
            cuts.text().raw(REDACTED_BYTES);
            cuts.add(tape.start(node), tape.end(node));
        }
    }
}
