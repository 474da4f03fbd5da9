package dev.throughline.masking;

import java.util.Locale;

/** What became of the masking of a record. */
public sealed interface Outcome {
    /** The edits hold all that must change. */
    record Masked() implements Outcome {
        static final Masked INSTANCE = new Masked();
    }

    /** Nothing was edited; the record must not be kept. */
    record Failed(Failure failure) implements Outcome {}

    /** Why. The lower-case name is the stable code. */
    enum Failure {
        SCAN_BYTES_EXCEEDED,
        HITS_EXCEEDED,
        NESTED_DEPTH_EXCEEDED,
        NESTED_BOUND_EXCEEDED,
        INTERNAL_ERROR;

        public String code() {
            return "masking_" + name().toLowerCase(Locale.ROOT);
        }

        Failed outcome() {
            return new Failed(this);
        }
    }
}
