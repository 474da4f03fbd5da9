package dev.throughline.policy.document;

import dev.throughline.policy.document.DocumentNode.Kind;
import dev.throughline.policy.document.DocumentNode.Mapping;
import dev.throughline.policy.document.DocumentNode.Scalar;
import dev.throughline.policy.document.DocumentNode.Sequence;
import dev.throughline.telemetry.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** A value of a document as JSON: for schemas and records that are written in YAML. */
public final class JsonText {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private final Problems problems;
    private final JsonWriter out = new JsonWriter(512);

    private JsonText(Problems problems) {
        this.problems = problems;
    }

    /** UTF-8. What YAML and JSON read differently ({@code yes}, {@code 010}, {@code .inf}) is noted. */
    public static byte[] of(DocumentNode node, String pointer, Problems problems) {
        JsonText text = new JsonText(problems);
        text.write(node, pointer);
        return text.out.toByteArray();
    }

    private void write(DocumentNode node, String at) {
        switch (node) {
            case Mapping mapping -> {
                out.raw('{');
                mapping.entries().forEach((key, entry) -> {
                    if (out.bytes()[out.length() - 1] != '{') {
                        out.raw(',');
                    }
                    out.string(key).raw(':');
                    write(entry.value(), at + "/" + Section.escaped(key));
                });
                out.raw('}');
            }
            case Sequence sequence -> {
                out.raw('[');
                for (int i = 0; i < sequence.items().size(); i++) {
                    if (i > 0) {
                        out.raw(',');
                    }
                    write(sequence.items().get(i), at + "/" + i);
                }
                out.raw(']');
            }
            case Scalar scalar -> scalar(scalar, at);
        }
    }

    private void scalar(Scalar scalar, String at) {
        String text = scalar.text();
        switch (scalar.kind()) {
            case STRING -> out.string(text);
            case NULL -> out.ascii("null");
            case BOOLEAN -> {
                String word = text.toLowerCase(Locale.ROOT);
                if (word.equals("true") || word.equals("false")) {
                    out.ascii(word);
                } else {
                    ambiguous(scalar, at);
                }
            }
            case INTEGER, DECIMAL -> {
                if (NUMBER.matcher(text).matches()) {
                    out.raw(text.getBytes(StandardCharsets.US_ASCII));
                } else {
                    ambiguous(scalar, at);
                }
            }
        }
    }

    private void ambiguous(Scalar scalar, String at) {
        out.ascii("null");
        problems.add(
                scalar.place(),
                at,
                "ambiguous_value",
                "YAML reads it as " + (scalar.kind() == Kind.BOOLEAN ? "a boolean" : "a number")
                        + " and JSON does not; put it into quotes, or write it as JSON does");
    }
}
