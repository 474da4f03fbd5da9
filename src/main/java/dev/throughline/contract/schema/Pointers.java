package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** JSON pointers (RFC 6901) of nodes, found again from the root when they are asked for. */
final class Pointers {
    private Pointers() {}

    static String of(JsonTape tape, int root, int node) {
        return of(tape, root, node, null, name -> true);
    }

    /**
     * @param member a member of {@code node} to point at, or null for the node itself
     * @param shown whether a member name may be shown; otherwise {@code *} stands for it
     */
    static String of(JsonTape tape, int root, int node, @Nullable String member, Predicate<String> shown) {
        StringBuilder pointer = new StringBuilder();
        int at = root;
        while (at != node && at >= 0) {
            at = descend(tape, at, node, pointer, shown);
        }
        if (member != null) {
            append(pointer, member);
        }
        return pointer.toString();
    }

    /** The child that holds {@code node}, its token appended; {@code node} itself if that is one of the keys. */
    private static int descend(JsonTape tape, int parent, int node, StringBuilder out, Predicate<String> shown) {
        int end = tape.next(parent);
        boolean object = tape.kind(parent) == JsonTape.OBJECT;
        int index = 0;
        for (int child = parent + 1; child < end; index++) {
            int value = object ? child + 1 : child;
            int next = tape.next(value);
            if (node < next) {
                if (object) {
                    String name = tape.text(child);
                    append(out, shown.test(name) ? name : "*");
                } else {
                    out.append('/').append(index);
                }
                return node < value ? node : value;
            }
            child = next;
        }
        return -1;
    }

    static void append(StringBuilder pointer, String token) {
        pointer.append('/').append(token.replace("~", "~0").replace("/", "~1"));
    }
}
