package dev.throughline.contract.compat;

import dev.throughline.contract.compat.Shape.TextAsks;
import dev.throughline.contract.format.StringFormat;
import dev.throughline.contract.pattern.TextAutomaton.Search;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Proves what a schema asks of a text: by its keywords, or because no text is left for which it would not hold. */
record TextProof(Patterns patterns, Goal goal) {
    /** Formats, and those that admit all texts of the format. */
    private static final Map<StringFormat, Set<StringFormat>> WIDER = Map.of(
            StringFormat.URI,
            Set.of(StringFormat.URI_REFERENCE, StringFormat.IRI, StringFormat.IRI_REFERENCE),
            StringFormat.URI_REFERENCE,
            Set.of(StringFormat.IRI_REFERENCE),
            StringFormat.IRI,
            Set.of(StringFormat.IRI_REFERENCE));

    boolean holds() {
        TextAsks asks = goal.right().texts;
        boolean ok = isLongEnough(asks.minLength());
        ok &= isShortEnough(asks.maxLength());
        ok &= asks.pattern() == null || isMatched(asks.pattern());
        ok &= asks.format() == null || isOfFormat(asks.format());
        return ok;
    }

    private boolean isLongEnough(int wanted) {
        int known = goal.facts().lengthMin();
        return known >= wanted
                || isNone(List.of(), known, Math.min(wanted - 1, goal.facts().lengthMax()))
                || goal.fails("minLength", known == 0 ? null : known, wanted);
    }

    private boolean isShortEnough(int wanted) {
        int known = goal.facts().lengthMax();
        return known <= wanted
                || isNone(List.of(), Math.max(wanted + 1, goal.facts().lengthMin()), known)
                || goal.fails("maxLength", known == Shape.UNBOUNDED ? null : known, wanted);
    }

    private boolean isMatched(String wanted) {
        Facts facts = goal.facts();
        Set<String> known = facts.patterns();
        return known.contains(wanted)
                || isNone(List.of(wanted), facts.lengthMin(), facts.lengthMax())
                || goal.fails(
                        "pattern", known.isEmpty() ? null : known.iterator().next(), wanted);
    }

    private boolean isNone(List<String> avoided, int lengthMin, int lengthMax) {
        List<String> all = new ArrayList<>(goal.facts().avoidedPatterns());
        all.addAll(avoided);
        return patterns.search(goal.facts().patterns(), all, lengthMin, lengthMax) instanceof Search.Nothing;
    }

    private boolean isOfFormat(StringFormat wanted) {
        StringFormat known = null;
        for (Shape shape : goal.facts().shapes()) {
            StringFormat format = shape.texts.format();
            if (format == wanted
                    || (format != null && WIDER.getOrDefault(format, Set.of()).contains(wanted))) {
                return true;
            }
            known = format == null ? known : format;
        }
        return goal.fails("format", known == null ? null : known.label(), wanted.label());
    }
}
