package dev.throughline.masking;

import dev.throughline.telemetry.Edits;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Masking for one worker: reused from record to record, not thread-safe. */
public final class MaskingSession {
    /** The label under which masked fields are counted; detectors have their own. */
    public static final String FIELD_HITS = "field";

    private static final int SCRATCH_KEEP_BYTES = 1 << 20;
    /** A conforming log's fields that its contract checked by pattern, range or list. */
    private static final Field[] CHECKED = {
        Field.CORRELATION_ID, Field.LEVEL, Field.TIMESTAMP, Field.TRACE_ID, Field.SPAN_ID, Field.ATTEMPT
    };

    private static final Field[] SURE_ONLY = {
        Field.TENANT_ID, Field.CONNECTOR, Field.ERROR_CODE, Field.ENTITY_TYPE, Field.ENTITY_ID, Field.RECORD_UID
    };

    private final TextMask text;
    private final DocumentWalk walk;
    private final QuarantineEntry quarantine = new QuarantineEntry(this);
    private final MaskedRecords scratch = new MaskedRecords();
    private final RecordFrame frame = new RecordFrame();

    /** Takes counts by detector label, or {@link #FIELD_HITS}. */
    @FunctionalInterface
    public interface HitSink {
        void accept(String label, long count);
    }

    MaskingSession(Masker masker) {
        text = new TextMask(masker);
        KeyFinding keys = new KeyFinding(masker.fields(), text);
        int depth = masker.rules().bounds().nestedJsonDepthMax();
        walk = new DocumentWalk(masker.fields(), text, keys, depth, CHECKED.length + SURE_ONLY.length + 1);
    }

    /** From now on, tells which rules change something. */
    public void listen(RuleListener listener) {
        text.listener(listener);
    }

    /**
     * Adds to {@code edits} all that must change. They may hold edits of the contract's own fields already.
     *
     * @param conforming the record passed its contract: fields that it checked by pattern are left alone. In any other record
     *     nothing is.
     * @return {@link Outcome.Failed}: the record and the edits must not be appended
     */
    public Outcome mask(ReceivedRecord record, Edits edits, boolean conforming) {
        return mask(record, edits, conforming, null);
    }

    /**
     * The same for a conforming record, and notes for others of its shape what is to be looked at.
     *
     * @param into an empty plan, to be used with this session only
     */
    public Outcome mask(ReceivedRecord record, Edits edits, MaskingPlan into) {
        return mask(record, edits, true, into);
    }

    public MaskingPlan plan() {
        return new MaskingPlan();
    }

    /** The same for a conforming record that has the shape, and the same fields, as the one that {@code plan} was made of. */
    @SuppressWarnings("CatchingUnchecked") // whatever goes wrong, the record is not kept
    public Outcome maskPlanned(ReceivedRecord record, Edits edits, MaskingPlan plan) {
        try {
            begin(record);
            walk.walk(plan);
            walk.cuts().moveTo(edits);
            return Outcome.Masked.INSTANCE;
        } catch (MaskingStop stop) {
            return stop.failure().outcome();
        } catch (RuntimeException | StackOverflowError e) {
            return Outcome.Failure.INTERNAL_ERROR.outcome();
        }
    }

    private void begin(ReceivedRecord record) {
        text.begin();
        JsonTape tape = record.tape();
        walk.begin(tape);
        int tenant = record.node(Field.TENANT_ID);
        if (tenant >= 0) {
            text.tenant(tape.bytes(), tape.start(tenant), tape.end(tenant));
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever goes wrong, the record is not kept
    private Outcome mask(ReceivedRecord record, Edits edits, boolean conforming, @Nullable MaskingPlan into) {
        try {
            begin(record);
            boolean log = record.signal() == Signal.LOG;
            if (conforming) {
                exempt(record, log);
            }
            walk.walk(log ? (conforming ? DocumentWalk.LOG_ROOT : 0) : DocumentWalk.STRUCTURE, into);
            walk.cuts().moveTo(edits);
            return Outcome.Masked.INSTANCE;
        } catch (MaskingStop stop) {
            return stop.failure().outcome();
        } catch (RuntimeException | StackOverflowError e) {
            return Outcome.Failure.INTERNAL_ERROR.outcome();
        }
    }

    private void exempt(ReceivedRecord record, boolean log) {
        for (Field field : CHECKED) {
            if (record.has(field)) {
                walk.exempt(record.node(field), true);
            }
        }
        if (log && record.has(Field.EVENT_NAME)) {
            walk.exempt(record.node(Field.EVENT_NAME), true);
        }
        for (Field field : SURE_ONLY) {
            if (record.has(field)) {
                walk.exempt(record.node(field), false);
            }
        }
    }

    /** Masks any JSON value and writes it to {@code out}; nothing is written where it fails. */
    @SuppressWarnings("CatchingUnchecked") // whatever goes wrong, the document is not written
    public Outcome maskDocument(JsonTape tape, JsonWriter out) {
        try {
            text.begin();
            walk.begin(tape);
            walk.walk(0, null);
            int from = tape.start(0) - (tape.kind(0) == JsonTape.STRING ? 1 : 0);
            int to = tape.end(0) + (tape.kind(0) == JsonTape.STRING ? 1 : 0);
            walk.cuts().render(tape.bytes(), from, to, out);
            return Outcome.Masked.INSTANCE;
        } catch (MaskingStop stop) {
            return stop.failure().outcome();
        } catch (RuntimeException | StackOverflowError e) {
            return Outcome.Failure.INTERNAL_ERROR.outcome();
        }
    }

    /** Writes a record whose masking gave {@link Outcome.Masked}, with its edits, as one frame. */
    public void append(
            MaskedRecords target,
            ReceivedRecord record,
            Edits edits,
            MaskedRecords.Stamp stamp,
            int flags,
            long idHigh,
            long idLow) {
        target.append(record, edits, stamp, flags, idHigh, idLow);
    }

    /**
     * Writes a quarantine entry for a record.
     *
     * @param edits of its masking as not conforming; absent where masking failed: the entry then has no body
     */
    public void appendQuarantine(
            MaskedRecords target,
            QuarantineReason reason,
            ReceivedRecord record,
            @Nullable Edits edits,
            MaskedRecords.Stamp stamp,
            long idHigh,
            long idLow) {
        RecordFrame masked = null;
        if (edits != null) {
            scratch.reset(SCRATCH_KEEP_BYTES);
            int at = scratch.append(record, edits, stamp, 0, idHigh, idLow);
            masked = frame.wrap(scratch.bytes(), at);
        }
        quarantine.append(target, reason, record.signal(), record, masked, stamp, idHigh, idLow);
    }

    /** Writes a quarantine entry where nothing could be parsed. */
    public void appendQuarantine(
            MaskedRecords target,
            QuarantineReason reason,
            Signal signal,
            MaskedRecords.Stamp stamp,
            long idHigh,
            long idLow) {
        quarantine.append(target, reason, signal, null, null, stamp, idHigh, idLow);
    }

    /** A short text for people (a pointer, a message) with all found in it replaced; {@code [REDACTED]} where that fails. */
    public String maskText(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        try {
            text.begin();
            return text.mask(utf8, 0, utf8.length, 0, false)
                    ? new String(text.bytes(), 0, text.length(), StandardCharsets.UTF_8)
                    : value;
        } catch (MaskingStop stop) {
            return "[REDACTED]";
        }
    }

    /** Whether there is anything in a short text that a detector would replace. */
    public boolean findsIn(byte[] utf8, int from, int to) {
        return text.finds(utf8, from, to, 0);
    }

    /** Gives the hits since the last call and starts over. */
    public void drainHits(HitSink sink) {
        text.drain(sink);
    }

    @Override
    public String toString() {
        return "MaskingSession";
    }
}
