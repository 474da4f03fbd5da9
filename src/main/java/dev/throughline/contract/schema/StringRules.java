package dev.throughline.contract.schema;

import dev.throughline.contract.format.StringFormat;
import dev.throughline.contract.pattern.TextPattern;
import dev.throughline.telemetry.RecentTexts;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The assertions on a text. Lengths are in code points. */
final class StringRules {
    private static final AtomicLong COUNT = new AtomicLong();

    private final int minLength;
    private final int maxLength;
    private final @Nullable TextPattern pattern;
    private final @Nullable StringFormat format;
    /** Tells these rules from all others in the process. */
    private final long number = COUNT.incrementAndGet();
    /** Whether it costs less to remember what passed; a format's texts are mostly times and ids, which do not come again. */
    private final boolean remembered;

    /** @param maxLength {@link Integer#MAX_VALUE} for none */
    StringRules(int minLength, int maxLength, @Nullable TextPattern pattern, @Nullable StringFormat format) {
        this.minLength = minLength;
        this.maxLength = maxLength;
        this.pattern = pattern;
        this.format = format;
        this.remembered = format == null && pattern != null && !pattern.isQuick();
    }

    boolean holds(Evaluation run, int node) {
        if (run.tape.isEscaped(node)) {
            run.readText(node);
            return holds(run, node, run.text, run.textFrom, run.textTo);
        }
        return holds(run, node, run.tape.bytes(), run.tape.start(node), run.tape.end(node));
    }

    private boolean holds(Evaluation run, int node, byte[] text, int from, int to) {
        if (!remembered || !RecentTexts.fits(to - from)) {
            return checks(run, node, text, from, to);
        }
        if (run.passed.contains(text, from, to, number)) {
            return true;
        }
        boolean ok = checks(run, node, text, from, to);
        if (ok) {
            run.passed.add();
        }
        return ok;
    }

    private boolean checks(Evaluation run, int node, byte[] text, int from, int to) {
        boolean ok = true;
        // A code point is one to four bytes: most texts need no counting.
        if (to - from > maxLength && codePoints(text, from, to) > maxLength) {
            ok = run.fail(node, Rule.MAX_LENGTH);
        }
        if (minLength > 0 && to - from < 4L * minLength && codePoints(text, from, to) < minLength) {
            ok = run.fail(node, Rule.MIN_LENGTH);
        }
        if (pattern != null && (ok || run.collecting)) {
            ok &= searches(pattern, run, node, text, from, to);
        }
        if (format != null && (ok || run.collecting) && !format.matches(text, from, to)) {
            ok = run.fail(node, Rule.FORMAT);
        }
        return ok;
    }

    private static boolean searches(TextPattern pattern, Evaluation run, int node, byte[] text, int from, int to) {
        int found = pattern.search(text, from, to);
        if (found == TextPattern.MATCH) {
            return true;
        }
        return found == TextPattern.NO_MATCH ? run.fail(node, Rule.PATTERN) : run.abort(node, Rule.PATTERN_BUDGET);
    }

    private static int codePoints(byte[] text, int from, int to) {
        int count = 0;
        for (int at = from; at < to; at++) {
            count += (text[at] & 0xC0) == 0x80 ? 0 : 1;
        }
        return count;
    }
}
