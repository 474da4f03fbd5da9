package dev.throughline.policy.document;

import dev.throughline.policy.document.DocumentNode.Entry;
import dev.throughline.policy.document.DocumentNode.Mapping;
import dev.throughline.policy.document.DocumentNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several documents as one. Mappings are merged entry by entry and lists are joined, in the order of the files; what two files give
 * otherwise is a conflict, even where both say the same.
 */
public final class Merging {
    /** Each document has its own. */
    private static final List<String> HEAD = List.of("/apiVersion", "/kind");

    private final Problems problems;

    private Merging(Problems problems) {
        this.problems = problems;
    }

    /** All of them, at least one; conflicts are noted. */
    public static Mapping merge(List<Mapping> documents, Problems problems) {
        Merging merging = new Merging(problems);
        Mapping all = documents.getFirst();
        for (Mapping next : documents.subList(1, documents.size())) {
            all = merging.both(all, next, "");
        }
        return all;
    }

    private Mapping both(Mapping one, Mapping other, String pointer) {
        Map<String, Entry> entries = new LinkedHashMap<>(one.entries());
        other.entries().forEach((key, second) -> {
            String at = pointer + "/" + Section.escaped(key);
            Entry first = entries.get(key);
            if (first == null) {
                entries.put(key, second);
            } else if (!HEAD.contains(at)) {
                entries.put(key, new Entry(first.keyPlace(), value(first, second, at)));
            }
        });
        return new Mapping(one.place(), entries);
    }

    private DocumentNode value(Entry first, Entry second, String at) {
        if (first.value() instanceof Mapping one && second.value() instanceof Mapping other) {
            return both(one, other, at);
        }
        if (first.value() instanceof Sequence one && second.value() instanceof Sequence other) {
            List<DocumentNode> items = new ArrayList<>(one.items());
            items.addAll(other.items());
            return new Sequence(one.place(), items);
        }
        problems.add(second.keyPlace(), at, "conflict", "another file has it already, at " + first.keyPlace());
        return first.value();
    }

    /** A document over another: its mappings are laid over those, whatever else it has takes their place. */
    public static Mapping overlay(Mapping base, Mapping over) {
        Map<String, Entry> entries = new LinkedHashMap<>(base.entries());
        over.entries().forEach((key, second) -> {
            Entry first = entries.get(key);
            entries.put(
                    key,
                    first != null && first.value() instanceof Mapping one && second.value() instanceof Mapping other
                            ? new Entry(second.keyPlace(), overlay(one, other))
                            : second);
        });
        return new Mapping(over.place(), entries);
    }
}
