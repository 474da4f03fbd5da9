package dev.throughline.contract.pattern;

import dev.throughline.contract.pattern.PatternTree.BackReference;
import dev.throughline.contract.pattern.PatternTree.Capture;
import dev.throughline.contract.pattern.PatternTree.Choice;
import dev.throughline.contract.pattern.PatternTree.End;
import dev.throughline.contract.pattern.PatternTree.Look;
import dev.throughline.contract.pattern.PatternTree.OneOf;
import dev.throughline.contract.pattern.PatternTree.Repeat;
import dev.throughline.contract.pattern.PatternTree.Sequence;
import dev.throughline.contract.pattern.PatternTree.Start;
import dev.throughline.contract.pattern.PatternTree.WordBoundary;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What is not regular: {@code java.util.regex} over a text that counts how often it is looked at. */
final class Backtracking extends TextPattern {
    /** Characters looked at in one search: about 20 ms. */
    static final int STEPS_MAX = 2_000_000;

    private final Pattern pattern;

    private Backtracking(Pattern pattern) {
        this.pattern = pattern;
    }

    static Backtracking of(PatternTree tree) throws PatternException {
        StringBuilder java = new StringBuilder();
        translate(tree, java);
        try {
            return new Backtracking(Pattern.compile(java.toString()));
        } catch (PatternSyntaxException unbounded) {
            throw new PatternException("pattern cannot be run", 0);
        }
    }

    private static void translate(PatternTree tree, StringBuilder java) {
        switch (tree) {
            case OneOf(CodePoints set) -> translate(set, java);
            case Start ignored -> java.append("\\A");
            case End ignored -> java.append("\\z");
            case Sequence(var parts) -> parts.forEach(part -> translate(part, java));
            case Choice(var branches) -> {
                String separator = "(?:";
                for (PatternTree branch : branches) {
                    java.append(separator);
                    translate(branch, java);
                    separator = "|";
                }
                java.append(')');
            }
            case Capture(PatternTree body) -> enclose("(", body, java);
            case Repeat repeat -> {
                enclose("(?:", repeat.body(), java);
                java.append('{').append(repeat.min()).append(',');
                if (repeat.max() != PatternTree.UNBOUNDED) {
                    java.append(repeat.max());
                }
                java.append(repeat.lazy() ? "}?" : "}");
            }
            case Look(PatternTree body, boolean behind, boolean negated) ->
                enclose("(?" + (behind ? "<" : "") + (negated ? "!" : "="), body, java);
            case BackReference(int group) -> java.append("(?:\\").append(group).append(')');
            case WordBoundary(boolean negated) ->
                java.append(
                        negated
                                ? "(?:(?<=[0-9A-Z_a-z])(?=[0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?![0-9A-Z_a-z]))"
                                : "(?:(?<=[0-9A-Z_a-z])(?![0-9A-Z_a-z])|(?<![0-9A-Z_a-z])(?=[0-9A-Z_a-z]))");
        }
    }

    private static void enclose(String open, PatternTree body, StringBuilder java) {
        java.append(open);
        translate(body, java);
        java.append(')');
    }

    private static void translate(CodePoints set, StringBuilder java) {
        if (set.isEmpty()) {
            java.append("(?!)");
            return;
        }
        java.append('[');
        for (int i = 0; i < set.rangeCount(); i++) {
            java.append("\\x{").append(Integer.toHexString(set.first(i))).append('}');
            if (set.last(i) > set.first(i)) {
                java.append("-\\x{").append(Integer.toHexString(set.last(i))).append('}');
            }
        }
        java.append(']');
    }

    @Override
    public int search(byte[] utf8, int from, int to) {
        try {
            return pattern.matcher(new CountedText(decode(utf8, from, to))).find() ? MATCH : NO_MATCH;
        } catch (BudgetException | StackOverflowError exceeded) {
            return BUDGET_EXCEEDED;
        }
    }

    @Override
    public boolean isLinear() {
        return false;
    }

    private static String decode(byte[] utf8, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        for (int at = from; at < to; ) {
            int lead = utf8[at++] & 0xFF;
            int more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
            int codePoint = more == 0 ? lead : lead & (0x3F >> more);
            for (int i = 0; i < more; i++) {
                codePoint = codePoint << 6 | (utf8[at++] & 0x3F);
            }
            text.appendCodePoint(codePoint);
        }
        return text.toString();
    }

    private static final class BudgetException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BudgetException() {
            super(null, null, false, false);
        }
    }

    /** A text that refuses to be looked at more than {@link #STEPS_MAX} times. */
    private static final class CountedText implements CharSequence {
        private final String text;
        private int steps;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++steps > STEPS_MAX) {
                throw new BudgetException();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return "CountedText[" + text.length() + "]";
        }
    }
}
