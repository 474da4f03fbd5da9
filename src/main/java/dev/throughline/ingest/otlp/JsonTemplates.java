package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.DocumentTemplate;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.LearningPace;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.TapeRange;
import dev.throughline.telemetry.TemplateWriter;
import dev.throughline.telemetry.otlp.OtlpShapes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The short way from a log record or span in OTLP/JSON to its document: as {@link ProtobufTemplates}, over the tape of a body. What is
 * known of a resource and scope is a list, the structure that was met last first. Bounded; not thread-safe.
 */
final class JsonTemplates {
    /** Structures of one resource and scope. */
    private static final int STRUCTURES_MAX = 48;

    private static final byte[] NOTHING = new byte[0];

    /** Longer records go the long way. */
    private static final int RECORD_BYTES_MAX = 16 << 10;

    /** So do those of a longer resource and scope: both are kept with what is learned, once more in every document. */
    private static final int ENVELOPE_BYTES_MAX = 16 << 10;

    private final Envelopes<List<JsonRecordTemplate>> envelopes = new Envelopes<>();
    private final Timestamps timestamps = new Timestamps();
    private final JsonTape tape;
    private final JsonRequests longWay;
    private final LearningPace pace;
    /** About what was kept of the record that was learned last. */
    private int learnedBytes;

    private final JsonRecord reader;
    private @Nullable TemplateWriter writer;
    private @Nullable List<JsonRecordTemplate> known;

    /**
     * @param tape where documents are put
     * @param longWay for this object alone
     */
    JsonTemplates(JsonTape tape, JsonRequests longWay, LearningPace pace) {
        this.tape = tape;
        this.longWay = longWay;
        this.pace = pace;
        this.reader = new JsonRecord(tape);
    }

    JsonTape tape() {
        return tape;
    }

    /** Lets the body go. */
    void end() {
        envelopes.begin(Signal.LOG, NOTHING);
    }

    /** Sets which resource and scope the next records have, by their nodes; whether they are known. */
    boolean begin(Signal signal, JsonTape body, int resource, int resourceUrl, int scope, int scopeUrl) {
        envelopes.begin(signal, body.bytes());
        piece(Envelopes.RESOURCE, body, resource);
        piece(Envelopes.RESOURCE_URL, body, resourceUrl);
        piece(Envelopes.SCOPE, body, scope);
        piece(Envelopes.SCOPE_URL, body, scopeUrl);
        known = envelopes.find();
        return known != null;
    }

    private void piece(int piece, JsonTape body, int node) {
        if (node >= 0) {
            int quote = body.kind(node) == JsonTape.STRING ? 1 : 0;
            envelopes.piece(piece, body.start(node) - quote, body.end(node) + quote);
        }
    }

    /** Puts the document of the record at a node on the tape, if it can be done the short way. */
    boolean write(JsonTape body, int record) {
        List<JsonRecordTemplate> templates = known;
        TemplateWriter target = writer;
        if (templates == null || target == null || body.end(record) - body.start(record) > RECORD_BYTES_MAX) {
            return false;
        }
        int hash = TapeRange.hash(body, record);
        for (int i = 0; i < templates.size(); i++) {
            JsonRecordTemplate template = templates.get(i);
            if (template.hash() == hash && template.isOf(body, record)) {
                if (i > 0) {
                    templates.set(i, templates.set(i - 1, template));
                }
                return template.write(body, record, target, timestamps, tape);
            }
        }
        return false;
    }

    /** Notes that a record went the long way, and was taken: from time to time it is learned. */
    void missed(JsonTape body, int record) {
        boolean full = envelopes.isFull();
        if (body.end(record) - body.start(record) > RECORD_BYTES_MAX
                || envelopes.length() > ENVELOPE_BYTES_MAX
                || !pace.isDue(full)) {
            return;
        }
        if (pace.isToForget(full)) {
            envelopes.clear();
            pace.forgot();
        }
        boolean learned = false;
        learnedBytes = 0;
        try {
            learned = learn(Arrays.copyOfRange(body.bytes(), body.start(record), body.end(record)));
        } catch (OtlpSyntaxException | JsonSyntaxException e) {
            learned = false; // It is read the long way as before.
        } finally {
            pace.tried(learned, learnedBytes); // Whatever went wrong is not tried again with the next record.
        }
    }

    private boolean learn(byte[] record) throws OtlpSyntaxException, JsonSyntaxException {
        Signal signal = envelopes.signal();
        byte[] body = request(signal, record);
        JsonTape received = new JsonTape();
        received.parseWhole(body);
        int node = recordOf(received);
        if (!reader.read(signal == Signal.LOG ? OtlpShapes.LOG_RECORD : OtlpShapes.SPAN, received, node)) {
            return false;
        }
        List<JsonRecord.Item> items = reader.items();
        Probes.Trial trial = new Probes(tape.limits()).begin(onto -> longWay(signal, body, onto));
        if (!trial.isRead() || items.size() > Probes.ITEMS_MAX) {
            return false;
        }
        byte[] original = body.clone();
        boolean[] free = new boolean[received.next(node) - node];
        for (int i = 0; i < items.size(); i++) {
            if (!change(items.get(i), received, node, body) || !trial.locate(i)) {
                return false;
            }
            System.arraycopy(original, 0, body, 0, body.length);
            free[items.get(i).node()] = true;
        }
        DocumentTemplate document = trial.template();
        TapeRange structure = TapeRange.of(received, node, free);
        if (document == null || structure == null) {
            return false;
        }
        JsonRecordTemplate template = template(structure, TapeRange.hash(received, node), document, trial, items);
        // With every value changed at once, both ways must come to the same.
        for (JsonRecord.Item item : items) {
            change(item, received, node, body);
        }
        TemplateWriter target = writer == null ? new TemplateWriter(document) : writer;
        writer = target;
        JsonTape expected = new JsonTape(tape.limits());
        JsonTape written = new JsonTape(tape.limits());
        received.parseWhole(body);
        boolean same = longWay(signal, body, expected)
                && template.isOf(received, node)
                && template.write(received, node, target, timestamps, written)
                && written.isSame(expected);
        learnedBytes = document.bytes() + 2 * body.length;
        return same && keep(template);
    }

    private static JsonRecordTemplate template(
            TapeRange structure, int hash, DocumentTemplate document, Probes.Trial trial, List<JsonRecord.Item> items) {
        int[] slots = trial.slots();
        List<JsonRecord.Item> rest = new ArrayList<>(items);
        List<JsonRecord.Item> ordered = new ArrayList<>();
        for (int slot : slots) {
            JsonRecord.Item item = items.get(trial.item(slot));
            ordered.add(item);
            rest.remove(item);
        }
        ordered.addAll(rest);
        int[] nodes = new int[ordered.size()];
        byte[] kinds = new byte[ordered.size()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = ordered.get(i).node();
            kinds[i] = (byte) ordered.get(i).kind();
        }
        return new JsonRecordTemplate(structure, hash, document, nodes, kinds);
    }

    private boolean keep(JsonRecordTemplate template) {
        List<JsonRecordTemplate> templates = envelopes.findOrAdd(ArrayList::new);
        known = templates;
        if (templates.size() == STRUCTURES_MAX) {
            return false;
        }
        templates.addFirst(template);
        return true;
    }

    /** Changes a value so that it is one of the same kind and length; false where that cannot be done. */
    private static boolean change(JsonRecord.Item item, JsonTape received, int record, byte[] body) {
        int from = received.start(record + item.node());
        int to = received.end(record + item.node());
        if (from == to || received.isEscaped(record + item.node())) {
            return false;
        }
        switch (item.kind()) {
            case JsonRecord.TIMESTAMP, JsonRecord.DIGITS, JsonRecord.INTEGER ->
                body[to - 1] = (byte) (body[to - 1] == '1' ? '2' : '1');
            case JsonRecord.ID -> {
                for (int at = from; at < to; at++) {
                    body[at] = (byte) (body[at] == '1' ? '2' : '1');
                }
            }
            default -> {
                for (int at = from; at < to; at++) {
                    body[at] = (byte) (body[at] == 'X' ? 'Y' : 'X');
                }
            }
        }
        return true;
    }

    private boolean longWay(Signal signal, byte[] body, JsonTape onto) throws OtlpSyntaxException {
        return Probes.single(onto, records -> longWay.decode(signal, body, 0, body.length, records));
    }

    /** The record's node in what {@link #request} made: down the last members to the third list's item. */
    private static int recordOf(JsonTape request) {
        int node = 0;
        for (int level = 0; level < 3; level++) {
            int last = request.firstChild(node);
            for (int key = last; key < request.next(node); key = request.next(request.value(key))) {
                last = key;
            }
            node = request.firstChild(request.value(last));
        }
        return node;
    }

    /** A request of this envelope and one record. */
    private byte[] request(Signal signal, byte[] record) {
        boolean log = signal == Signal.LOG;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text(out, log ? "{\"resourceLogs\":[{" : "{\"resourceSpans\":[{");
        member(out, "resource", envelopes.piece(Envelopes.RESOURCE));
        member(out, "schemaUrl", envelopes.piece(Envelopes.RESOURCE_URL));
        text(out, log ? "\"scopeLogs\":[{" : "\"scopeSpans\":[{");
        member(out, "scope", envelopes.piece(Envelopes.SCOPE));
        member(out, "schemaUrl", envelopes.piece(Envelopes.SCOPE_URL));
        text(out, log ? "\"logRecords\":[" : "\"spans\":[");
        out.writeBytes(record);
        text(out, "]}]}]}");
        return out.toByteArray();
    }

    private static void member(ByteArrayOutputStream out, String name, byte @Nullable [] value) {
        if (value != null) {
            text(out, "\"" + name + "\":");
            out.writeBytes(value);
            text(out, ",");
        }
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "JsonTemplates[" + envelopes + ", " + pace + "]";
    }
}
