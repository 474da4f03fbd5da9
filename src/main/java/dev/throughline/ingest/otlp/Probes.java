package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.DocumentTemplate;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds by trial where the values of a record stand in its document: one value at a time is changed, the record is decoded the long way,
 * and the one text that differs is that value's slot. So nothing of the mapping is known here. Not thread-safe.
 */
final class Probes {
    static final int ITEMS_MAX = 126;
    private static final byte UNUSED = -1;

    /** The long way from a record, as it stands changed, to its document on a tape; false where it is refused. */
    interface Decoding {
        boolean onto(JsonTape tape) throws OtlpSyntaxException;
    }

    /** A request to be decoded the long way. */
    interface Request {
        void decode(OtlpRecords records) throws OtlpSyntaxException;
    }

    private final JsonTape.Limits limits;

    Probes(JsonTape.Limits limits) {
        this.limits = limits;
    }

    /** The document that is on the tape, with the slots that were found. Its values are those of the trial's start. */
    final class Trial {
        final JsonTape base = new JsonTape(limits);
        private final JsonTape changed = new JsonTape(limits);
        private final Decoding decoding;
        /** By node: which value it has. */
        private final byte[] items;

        private Trial(Decoding decoding) throws OtlpSyntaxException {
            this.decoding = decoding;
            boolean read = decoding.onto(base);
            items = new byte[read ? base.size() : 0];
            Arrays.fill(items, UNUSED);
        }

        boolean isRead() {
            return items.length > 0;
        }

        /** Decodes with a value changed: false where that shows in more than the text of one node that is its own. */
        boolean locate(int item) throws OtlpSyntaxException {
            if (!decoding.onto(changed) || changed.size() != base.size()) {
                return false;
            }
            int found = -1;
            for (int node = 0; node < base.size(); node++) {
                if (!base.isLike(node, changed, node)) {
                    return false;
                }
                if (base.isScalar(node) && !base.isSameText(node, changed, node)) {
                    if (found >= 0 || base.kind(node) == JsonTape.KEY || items[node] != UNUSED) {
                        return false;
                    }
                    found = node;
                }
            }
            if (found >= 0) {
                items[found] = (byte) item;
            }
            return true;
        }

        /** The nodes that have a value, in document order. */
        int[] slots() {
            int[] slots = new int[items.length];
            int count = 0;
            for (int node = 0; node < items.length; node++) {
                if (items[node] != UNUSED) {
                    slots[count++] = node;
                }
            }
            return Arrays.copyOf(slots, count);
        }

        byte item(int slot) {
            return items[slot];
        }

        /** What is the same whatever the values are. */
        @Nullable
        DocumentTemplate template() {
            return DocumentTemplate.of(base, slots());
        }
    }

    /** Decodes what must be one record, and parses its document. */
    static boolean single(JsonTape onto, Request request) throws OtlpSyntaxException {
        List<byte[]> read = new ArrayList<>();
        request.decode(new OtlpRecords() {
            @Override
            public void record(OtlpRecord record) {
                read.add(Arrays.copyOf(record.document(), record.documentTo()));
            }

            @Override
            public void refused(OtlpRecord record, OtlpProblem problem) {}
        });
        if (read.size() != 1) {
            return false;
        }
        try {
            onto.parseWhole(read.getFirst());
            return true;
        } catch (JsonSyntaxException e) {
            return false;
        }
    }

    Trial begin(Decoding decoding) throws OtlpSyntaxException {
        return new Trial(decoding);
    }

    @Override
    public String toString() {
        return "Probes";
    }
}
