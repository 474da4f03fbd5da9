package dev.throughline.masking;

import dev.throughline.masking.detect.Pseudonyms;
import java.nio.charset.StandardCharsets;

/** What is done with a value. */
public sealed interface Action {
    /** Leaves the value and all below it unread. */
    record Keep() implements Action {}

    /** Exempts a name from the later rules that it would match; the detectors look at the value and all below it. Only for fields. */
    record Detect() implements Action {}

    /** An identifier of the business: what is personal beyond doubt is masked in it, and no number. Only for fields. */
    record Protect() implements Action {}

    /** Removes the member. Only for fields. */
    record Drop() implements Action {}

    /**
     * Puts a star for each character but blanks, hyphens and the last ones.
     *
     * @param keepLast characters, at most {@link #KEEP_LAST_MAX}; a text that is no longer is starred whole
     */
    record Mask(int keepLast) implements Action {
        /** So few that no identity fits into them. */
        public static final int KEEP_LAST_MAX = 4;

        public Mask {
            if (keepLast < 0 || keepLast > KEEP_LAST_MAX) {
                throw new IllegalArgumentException("keep_last is 0 to " + KEEP_LAST_MAX);
            }
        }
    }

    /**
     * Puts a label in its place.
     *
     * @param label 1–40 letters, digits, underscores, square or angle brackets
     */
    record Redact(String label) implements Action {
        private static final int LABEL_CHARACTERS_MAX = 40;

        public Redact {
            boolean plain =
                    label.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "_[]<>".indexOf(c) >= 0));
            if (label.isEmpty() || label.length() > LABEL_CHARACTERS_MAX || !plain) {
                throw new IllegalArgumentException("a label is 1 to 40 letters, digits or _[]<>");
            }
        }

        byte[] utf8() {
            return label.getBytes(StandardCharsets.US_ASCII);
        }
    }

    /**
     * Puts a pseudonym in its place.
     *
     * @param type at most 24 lower-case letters and underscores
     */
    record Pseudonymise(String type) implements Action {
        public Pseudonymise {
            boolean plain = type.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '_');
            if (type.isEmpty() || type.length() > Pseudonyms.TYPE_BYTES_MAX || !plain) {
                throw new IllegalArgumentException("a type is 1 to 24 lower-case letters or _");
            }
        }
    }
}
