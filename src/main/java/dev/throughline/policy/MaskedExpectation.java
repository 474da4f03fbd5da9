package dev.throughline.policy;

import dev.throughline.policy.document.DocumentNode;
import dev.throughline.policy.document.DocumentNode.Mapping;
import dev.throughline.policy.document.DocumentNode.Scalar;
import dev.throughline.policy.document.DocumentNode.Sequence;
import dev.throughline.policy.document.Problems;
import dev.throughline.policy.document.Section;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a case expects of the record as it is kept: each member that it names is to be there and the same, others are not looked at. What is
 * there instead is not shown: it may be what should have been masked.
 */
final class MaskedExpectation {
    private static final int ABSENT = -1;

    private final String name;
    private final JsonTape tape = new JsonTape();
    private final Problems failures;

    MaskedExpectation(String name, String record, Problems failures) {
        this.name = name;
        this.failures = failures;
        try {
            tape.parseWhole(record.getBytes(StandardCharsets.UTF_8));
        } catch (JsonSyntaxException e) {
            throw new IllegalStateException("a masked record is not JSON", e);
        }
    }

    void holds(Mapping wanted, String pointer) {
        compare(wanted, 0, pointer, "");
    }

    void isAbsent(Section.Text member) {
        if (member(0, member.text()) != ABSENT) {
            failures.add(
                    member.place(),
                    member.pointer(),
                    "case_failed",
                    "\"" + name + "\": " + member.text() + " is there");
        }
    }

    private int member(int object, String member) {
        for (int key = tape.firstChild(object); key < tape.next(object); key = tape.next(tape.value(key))) {
            if (tape.text(key).equals(member)) {
                return tape.value(key);
            }
        }
        return ABSENT;
    }

    private void compare(DocumentNode wanted, int node, String pointer, String path) {
        boolean same = node != ABSENT
                && switch (wanted) {
                    case Mapping mapping -> tape.kind(node) == JsonTape.OBJECT && members(mapping, node, pointer, path);
                    case Sequence sequence -> tape.kind(node) == JsonTape.ARRAY && items(sequence, node, pointer, path);
                    case Scalar scalar -> isSame(scalar, node);
                };
        if (!same) {
            failures.add(
                    wanted.place(),
                    pointer,
                    "case_failed",
                    "\"" + name + "\": masked: " + path + (node == ABSENT ? " is not there" : " is otherwise"));
        }
    }

    private boolean members(Mapping mapping, int node, String pointer, String path) {
        mapping.entries()
                .forEach((key, entry) ->
                        compare(entry.value(), member(node, key), pointer + "/" + key, path + "/" + key));
        return true;
    }

    private boolean items(Sequence sequence, int node, String pointer, String path) {
        if (sequence.items().size() != tape.childCount(node)) {
            return false;
        }
        int item = tape.firstChild(node);
        for (int i = 0; i < sequence.items().size(); i++, item = tape.next(item)) {
            compare(sequence.items().get(i), item, pointer + "/" + i, path + "/" + i);
        }
        return true;
    }

    private boolean isSame(Scalar scalar, int node) {
        return switch (scalar.kind()) {
            case STRING -> tape.kind(node) == JsonTape.STRING && tape.text(node).equals(scalar.text());
            case NULL -> tape.kind(node) == JsonTape.NULL;
            case BOOLEAN ->
                tape.kind(node)
                        == (scalar.text().toLowerCase(Locale.ROOT).equals("true") ? JsonTape.TRUE : JsonTape.FALSE);
            case INTEGER, DECIMAL -> tape.kind(node) == JsonTape.NUMBER && isSameNumber(scalar.text(), tape.text(node));
        };
    }

    private static boolean isSameNumber(String one, String other) {
        try {
            return new BigDecimal(one).compareTo(new BigDecimal(other)) == 0;
        } catch (NumberFormatException _) {
            return one.equals(other);
        }
    }
}
