package dev.throughline.policy.document;

import dev.throughline.policy.document.DocumentNode.Mapping;
import dev.throughline.policy.document.DocumentNode.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Where a JSON pointer leads. */
public final class Positions {
    private Positions() {}

    /** The place of a byte of a file. */
    public static Place of(String file, byte[] utf8, int offset) {
        String before = new String(utf8, 0, Math.min(offset, utf8.length), StandardCharsets.UTF_8);
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        return new Place(file, line, before.length() - before.lastIndexOf('\n'));
    }

    /** The place of the value at a pointer below a node; of the last one on the way, where it leads nowhere. */
    public static Place of(DocumentNode node, String pointer) {
        DocumentNode at = node;
        if (pointer.isEmpty()) {
            return at.place();
        }
        for (String segment : List.of(pointer.substring(1).split("/", -1))) {
            String key = segment.replace("~1", "/").replace("~0", "~");
            DocumentNode next = switch (at) {
                case Mapping mapping
                when mapping.entries().containsKey(key) ->
                    java.util.Objects.requireNonNull(mapping.entries().get(key)).value();
                case Sequence sequence
                when key.matches("[0-9]{1,9}")
                        && Integer.parseInt(key) < sequence.items().size() ->
                    sequence.items().get(Integer.parseInt(key));
                default -> null;
            };
            if (next == null) {
                return at.place();
            }
            at = next;
        }
        return at.place();
    }
}
