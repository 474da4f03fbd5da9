package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.DocumentTemplate;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.LearningPace;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.TemplateWriter;
import dev.throughline.telemetry.otlp.OtlpShapes;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The short way from a log record or span to its document, for those whose structure one before it had: an exporter's records differ in their
 * values, seldom in more. What is known is a tree of {@link WireStep}s for each resource and scope; what is not known is decoded the
 * long way, and now and then learned from it. Bounded, and learning takes a small share of the time at most, whatever is sent.
 * Not thread-safe.
 */
final class ProtobufTemplates {
    private static final int STEPS_MAX = 16_384;
    private static final byte[] NOTHING = new byte[0];

    /** Longer records go the long way. */
    private static final int RECORD_BYTES_MAX = 16 << 10;

    /** So do those of a longer resource and scope: both are kept with what is learned, once more in every document. */
    private static final int ENVELOPE_BYTES_MAX = 16 << 10;

    private final Envelopes<WireStep> envelopes = new Envelopes<>();
    private final ProtobufReader lengths = new ProtobufReader();
    private final WireCursor cursor = new WireCursor();
    private final WireSteps reader = new WireSteps();
    private final Timestamps timestamps = new Timestamps();
    private final JsonTape tape;
    private final ProtobufRequests longWay;
    private final LearningPace pace;
    /** About what was kept of the record that was learned last. */
    private int learnedBytes;

    private @Nullable TemplateWriter writer;
    /** Where records of the envelope in work begin; null where it is not known. */
    private @Nullable WireStep root;

    private int steps;

    /**
     * @param tape where documents are put
     * @param longWay for this object alone
     */
    ProtobufTemplates(JsonTape tape, ProtobufRequests longWay, LearningPace pace) {
        this.tape = tape;
        this.longWay = longWay;
        this.pace = pace;
    }

    /** Sets which resource and scope the next records have, by references of {@link ProtobufValues}; whether they are known. */
    boolean begin(Signal signal, byte[] body, int resource, int resourceUrl, int scope, int scopeUrl) {
        envelopes.begin(signal, body);
        piece(Envelopes.RESOURCE, body, resource);
        piece(Envelopes.RESOURCE_URL, body, resourceUrl);
        piece(Envelopes.SCOPE, body, scope);
        piece(Envelopes.SCOPE_URL, body, scopeUrl);
        root = envelopes.find();
        return root != null;
    }

    private void piece(int piece, byte[] body, int ref) {
        if (ref != ValueSource.NONE) {
            lengths.wrap(body, ref);
            try {
                int end = lengths.end(body.length);
                envelopes.piece(piece, lengths.at(), end);
            } catch (OtlpSyntaxException e) {
                throw new IllegalStateException(e); // It was read before.
            }
        }
    }

    /** Puts the document of the record in the range on the tape, if it can be done the short way. */
    boolean write(byte[] body, int from, int to) {
        WireStep first = root;
        TemplateWriter target = writer;
        if (first == null || target == null || to - from > RECORD_BYTES_MAX) {
            return false;
        }
        cursor.begin(body, from, to);
        RecordTemplate found = follow(first);
        return found != null
                && found.write(cursor, target, timestamps, tape.limits().stringBytesMax(), tape);
    }

    private @Nullable RecordTemplate follow(WireStep first) {
        WireStep step = first;
        while (!cursor.isAtEnd()) {
            step = step.follow(cursor);
            if (step == null) {
                return null;
            }
        }
        return step.template();
    }

    JsonTape tape() {
        return tape;
    }

    /** Lets the body go. */
    void end() {
        envelopes.begin(Signal.LOG, NOTHING);
        cursor.begin(NOTHING, 0, 0);
        lengths.wrap(NOTHING, 0);
    }

    /** Notes that a record went the long way, and was taken: from time to time it is learned. */
    void missed(byte[] body, int from, int to) {
        boolean full = steps >= STEPS_MAX || envelopes.isFull();
        if (to - from > RECORD_BYTES_MAX || envelopes.length() > ENVELOPE_BYTES_MAX || !pace.isDue(full)) {
            return;
        }
        if (pace.isToForget(full)) {
            envelopes.clear();
            steps = 0;
            pace.forgot();
        }
        boolean learned = false;
        learnedBytes = 0;
        try {
            learned = learn(body, from, to);
        } catch (OtlpSyntaxException e) {
            learned = false; // It is read the long way as before.
        } finally {
            pace.tried(learned, learnedBytes); // Whatever went wrong is not tried again with the next record.
        }
    }

    private boolean learn(byte[] source, int recordFrom, int recordTo) throws OtlpSyntaxException {
        Signal signal = envelopes.signal();
        byte[] body = request(Arrays.copyOfRange(source, recordFrom, recordTo));
        int to = body.length;
        int from = to - (recordTo - recordFrom);
        List<WireStep> path =
                reader.read(signal == Signal.LOG ? OtlpShapes.LOG_RECORD : OtlpShapes.SPAN, body, from, to);
        if (path == null || path.isEmpty() || !passes(path, body, from, to)) {
            return false;
        }
        List<WireStep> items = path.stream().filter(WireStep::isItem).toList();
        if (items.size() != cursor.items() || items.size() > Probes.ITEMS_MAX) {
            return false;
        }
        RecordTemplate template = template(signal, items, body, from, to, path);
        return template != null && keep(path, template);
    }

    /** Whether the record is these steps and nothing else. */
    private boolean passes(List<WireStep> path, byte[] body, int from, int to) {
        cursor.begin(body, from, to);
        for (WireStep step : path) {
            if (!step.matches(cursor)) {
                return false;
            }
        }
        return cursor.isAtEnd();
    }

    private @Nullable RecordTemplate template(
            Signal signal, List<WireStep> items, byte[] body, int from, int to, List<WireStep> path)
            throws OtlpSyntaxException {
        Probes.Trial trial = new Probes(tape.limits()).begin(onto -> longWay(signal, body, onto));
        if (!trial.isRead()) {
            return null;
        }
        byte[] original = body.clone();
        for (int item = 0; item < items.size(); item++) {
            if (!change(items.get(item), item, body) || !trial.locate(item)) {
                return null;
            }
            System.arraycopy(original, 0, body, 0, body.length);
        }
        int[] slots = trial.slots();
        byte[] slotItems = new byte[slots.length];
        byte[] forms = new byte[slots.length];
        for (int slot = 0; slot < slots.length; slot++) {
            slotItems[slot] = trial.item(slots[slot]);
            forms[slot] = form(signal, items.get(slotItems[slot]));
        }
        DocumentTemplate document = trial.template();
        if (document == null) {
            return null;
        }
        RecordTemplate template = new RecordTemplate(document, slotItems, forms);
        // With every value changed at once, both ways must come to the same.
        for (int item = 0; item < items.size(); item++) {
            change(items.get(item), item, body);
        }
        JsonTape expected = new JsonTape(tape.limits());
        JsonTape written = new JsonTape(tape.limits());
        TemplateWriter target = writer == null ? new TemplateWriter(document) : writer;
        writer = target;
        boolean same = longWay(signal, body, expected)
                && passes(path, body, from, to)
                && template.write(cursor, target, timestamps, tape.limits().stringBytesMax(), written)
                && written.isSame(expected);
        learnedBytes = document.bytes() + 2 * body.length;
        return same ? template : null;
    }

    /** Changes a value so that it is one of the same kind and length; false where that cannot be done. */
    private boolean change(WireStep step, int item, byte[] body) {
        int from = cursor.from(item);
        if (step.holds() != WireStep.TEXT && step.holds() != WireStep.ID) {
            body[from] ^= 1;
            return true;
        }
        int to = cursor.to(item);
        for (int at = from; at < to; at++) {
            body[at] = (byte) (body[at] == 'X' ? 'Y' : 'X');
        }
        return to > from;
    }

    private static byte form(Signal signal, WireStep step) {
        return (byte)
                switch (step.holds()) {
                    case WireStep.TEXT -> RecordTemplate.TEXT;
                    case WireStep.ID -> RecordTemplate.HEX;
                    case WireStep.INTEGER -> RecordTemplate.INTEGER;
                    case WireStep.REAL -> RecordTemplate.REAL;
                    default -> signal == Signal.LOG ? RecordTemplate.TIMESTAMP : RecordTemplate.DECIMAL;
                };
    }

    private boolean longWay(Signal signal, byte[] body, JsonTape onto) throws OtlpSyntaxException {
        return Probes.single(onto, records -> longWay.decode(signal, body, 0, body.length, records));
    }

    /** A request of this envelope and one record, which ends it. */
    private byte[] request(byte[] record) {
        byte[] scope = joined(
                field(OtlpShapes.ENVELOPE_HEAD, envelopes.piece(Envelopes.SCOPE)),
                field(OtlpShapes.ENVELOPE_SCHEMA_URL, envelopes.piece(Envelopes.SCOPE_URL)),
                field(OtlpShapes.ENVELOPE_ITEMS, record));
        byte[] resource = joined(
                field(OtlpShapes.ENVELOPE_HEAD, envelopes.piece(Envelopes.RESOURCE)),
                field(OtlpShapes.ENVELOPE_SCHEMA_URL, envelopes.piece(Envelopes.RESOURCE_URL)),
                field(OtlpShapes.ENVELOPE_ITEMS, scope));
        return field(OtlpShapes.REQUEST_ITEMS, resource);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] field(int number, byte @Nullable [] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (content != null) {
            out.write(ProtobufReader.tag(number, ProtobufReader.LENGTH_DELIMITED));
            int rest = content.length;
            for (; rest > 0x7F; rest >>>= 7) {
                out.write((rest & 0x7F) | 0x80);
            }
            out.write(rest);
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    private boolean keep(List<WireStep> path, RecordTemplate template) {
        WireStep step = envelopes.findOrAdd(WireStep::root);
        root = step;
        for (WireStep next : path) {
            WireStep kept = step.add(next);
            if (kept == null) {
                return false;
            }
            steps += kept == next ? 1 : 0;
            step = kept;
        }
        step.template(template);
        return true;
    }

    @Override
    public String toString() {
        return "ProtobufTemplates[" + envelopes + ", " + pace + "]";
    }
}
