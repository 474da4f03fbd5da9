package dev.throughline.policy.document;

import java.util.List;
import java.util.Map;

/** A value of a document, with its place. Immutable. */
public sealed interface DocumentNode {
    Place place();

    /**
     * A mapping.
     *
     * @param entries in the order of the document
     */
    record Mapping(Place place, Map<String, Entry> entries) implements DocumentNode {}

    /** A value and the place of its key. */
    record Entry(Place keyPlace, DocumentNode value) {}

    /** A list. */
    record Sequence(Place place, List<DocumentNode> items) implements DocumentNode {}

    /**
     * A text, as written, quotes taken off.
     *
     * @param kind what YAML makes of it
     */
    record Scalar(Place place, Kind kind, String text) implements DocumentNode {}

    /** Of a scalar. */
    enum Kind {
        STRING,
        INTEGER,
        DECIMAL,
        BOOLEAN,
        NULL
    }

    /** What people call it. */
    default String kindName() {
        return switch (this) {
            case Mapping ignored -> "a mapping";
            case Sequence ignored -> "a list";
            case Scalar scalar ->
                switch (scalar.kind()) {
                    case STRING -> "a string";
                    case INTEGER -> "an integer";
                    case DECIMAL -> "a number";
                    case BOOLEAN -> "a boolean";
                    case NULL -> "null";
                };
        };
    }
}
