package dev.throughline.masking;

import dev.throughline.masking.detect.Detector;
import dev.throughline.masking.detect.Hits;
import dev.throughline.masking.detect.TextScan;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.RecentTexts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Masks one decoded text: by detectors until nothing changes any more, or by a field's action. Keeps the record's budget. */
final class TextMask {
    private static final int ROUNDS_MAX = 5;
    private static final byte[] UNSTABLE = "[REDACTED]".getBytes(StandardCharsets.US_ASCII);

    private final Masker masker;
    private final RecentTexts clean = new RecentTexts();
    private final TextScan scan;
    private Hits hits = new Hits();
    /** What the last text held at first. */
    private Hits found = new Hits();

    private final Replacement replacement;
    private final long[] counts = new long[Detector.count() + 1];
    private JsonWriter result = new JsonWriter(256);
    private JsonWriter spare = new JsonWriter(256);
    private long scanBytesLeft;
    private int hitsLeft;
    private @Nullable RuleListener listener;

    TextMask(Masker masker) {
        this.masker = masker;
        this.scan = new TextScan(masker.enabled());
        this.replacement = new Replacement(masker.keys());
        begin();
    }

    /** A new record: its budget is whole. */
    void begin() {
        scanBytesLeft = masker.rules().bounds().scanBytesMax();
        hitsLeft = masker.rules().bounds().hitsPerRecordMax();
        replacement.tenant(UNSTABLE, 0, 0);
    }

    /** Tells whoever wants to know which rule did something. */
    void listener(RuleListener to) {
        listener = to;
    }

    /** Whose key pseudonyms are made with. */
    void tenant(byte[] source, int from, int to) {
        replacement.tenant(source, from, to);
    }

    byte[] bytes() {
        return result.bytes();
    }

    int length() {
        return result.length();
    }

    /** Whether there is a hit at all; nothing is counted. */
    boolean finds(byte[] source, int from, int to, int context) {
        scan.scan(source, from, to, context, false, hits);
        return hits.count() > 0;
    }

    /** Whether the first hit is one of these detectors. Only after {@link #finds}. */
    boolean foundOneOf(int bits) {
        for (int i = 0; i < hits.count(); i++) {
            if ((hits.detector(i).bit() & bits) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Masks what the detectors find; false where nothing changes, otherwise the text is in {@link #bytes()}. */
    boolean mask(byte[] source, int from, int to, int context, boolean sure) {
        if (!preview(source, from, to, context, sure)) {
            return false;
        }
        take(found.count());
        for (int i = 0; i < found.count(); i++) {
            counts[found.detector(i).ordinal()]++;
            if (listener != null) {
                listener.detector(found.detector(i));
            }
        }
        return true;
    }

    /** Masks without counting hits. */
    boolean preview(byte[] source, int from, int to, int context, boolean sure) {
        int length = to - from;
        boolean brief = RecentTexts.fits(length);
        if (brief && clean.contains(source, from, to, (long) context << 1 | (sure ? 1 : 0))) {
            return false;
        }
        charge(length);
        scan.scan(source, from, to, context, sure, hits);
        if (hits.count() == 0) {
            if (brief) {
                clean.add();
            }
            return false;
        }
        rewrite(source, from, to);
        if (isSame(source, from, to)) {
            return false;
        }
        Hits first = hits;
        hits = found;
        found = first;
        settle(context, sure);
        return true;
    }

    private void settle(int context, boolean sure) {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            charge(result.length());
            scan.scan(result.bytes(), 0, result.length(), context, sure, hits);
            if (hits.count() == 0) {
                return;
            }
            JsonWriter before = result;
            result = spare;
            spare = before;
            rewrite(before.bytes(), 0, before.length());
            if (isSame(before.bytes(), 0, before.length())) {
                return;
            }
        }
        result.reset();
        result.raw(UNSTABLE);
    }

    private void rewrite(byte[] source, int from, int to) {
        result.reset();
        int at = from;
        for (int i = 0; i < hits.count(); i++) {
            Detector detector = hits.detector(i);
            Action action = masker.action(detector);
            result.raw(source, at, hits.from(i));
            if (action == null) {
                result.raw(source, hits.from(i), hits.to(i));
            } else {
                replacement.write(action, source, hits.from(i), hits.to(i), result);
            }
            at = hits.to(i);
        }
        result.raw(source, at, to);
    }

    /** Does what a field's rule says; false where nothing changes, otherwise the text is in {@link #bytes()}. */
    boolean apply(Action action, byte[] source, int from, int to) {
        charge(to - from);
        result.reset();
        replacement.write(action, source, from, to, result);
        if (isSame(source, from, to)) {
            return false;
        }
        field(action);
        return true;
    }

    /** Counts a field that was dropped. */
    void dropped(Action action) {
        field(action);
    }

    private void field(Action action) {
        take(1);
        counts[Detector.count()]++;
        if (listener != null) {
            listener.field(action);
        }
    }

    private boolean isSame(byte[] source, int from, int to) {
        return Arrays.equals(source, from, to, result.bytes(), 0, result.length());
    }

    private void charge(int bytes) {
        scanBytesLeft -= bytes;
        if (scanBytesLeft < 0) {
            throw new MaskingStop(Outcome.Failure.SCAN_BYTES_EXCEEDED);
        }
    }

    private void take(int more) {
        hitsLeft -= more;
        if (hitsLeft < 0) {
            throw new MaskingStop(Outcome.Failure.HITS_EXCEEDED);
        }
    }

    void drain(MaskingSession.HitSink sink) {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                @Nullable Detector detector = i < Detector.count() ? Detector.ofOrdinal(i) : null;
                sink.accept(detector == null ? MaskingSession.FIELD_HITS : detector.label(), counts[i]);
                counts[i] = 0;
            }
        }
    }
}
