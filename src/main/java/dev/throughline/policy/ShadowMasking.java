package dev.throughline.policy;

import dev.throughline.masking.Action;
import dev.throughline.masking.Masker;
import dev.throughline.masking.MaskingSession;
import dev.throughline.masking.RuleListener;
import dev.throughline.masking.detect.Detector;
import dev.throughline.telemetry.Edits;
import dev.throughline.telemetry.ReceivedRecord;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/** Masking rules that are tried and counted, and change nothing. Immutable; each worker takes a {@link #session()}. */
public final class ShadowMasking {
    private final Masker masker;
    private final IdentityHashMap<Action, String> names;

    /** @param names of the rules for fields, by their action: the object, not what it says */
    ShadowMasking(Masker masker, IdentityHashMap<Action, String> names) {
        this.masker = masker;
        this.names = new IdentityHashMap<>(names);
    }

    public Session session() {
        return new Session();
    }

    /** Counts for one worker; not thread-safe. */
    public final class Session implements RuleListener {
        private final MaskingSession masking = masker.session();
        private final Edits edits = new Edits();
        private final Map<String, Long> hits = new HashMap<>();

        Session() {
            masking.listen(this);
        }

        /** Tries the rules on a record. */
        public void look(ReceivedRecord record, boolean conforming) {
            edits.reset();
            // Where it fails there is nothing to count: the rules that are enforced say what becomes of the record.
            var _ = masking.mask(record, edits, conforming);
        }

        @Override
        public void field(Action action) {
            hits.merge(names.getOrDefault(action, "field"), 1L, Long::sum);
        }

        @Override
        public void detector(Detector detector) {
            hits.merge(detector.label(), 1L, Long::sum);
        }

        /** Gives the hits by rule since the last call, and starts over. */
        public void drain(ObjLongConsumer<String> sink) {
            if (!hits.isEmpty()) {
                hits.forEach(sink::accept);
                hits.clear();
            }
        }
    }
}
