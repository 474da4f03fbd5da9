package dev.throughline.masking;

import java.util.List;

/** A rule for fields. Where several match, the first in the list of {@link MaskingRules} wins; paths before names. */
public record FieldRule(Selector selector, Action action) {

    /** Which fields. */
    public sealed interface Selector {
        /** The same for selectors of the same fields. */
        String identity();

        /**
         * By name, at any depth. Compared by words: {@code first_name} is also {@code firstName}, {@code First-Name} and
         * {@code first.name}. With a leading {@code *} the words may be the end of a longer name: {@code *phone} is also
         * {@code work_phone} and {@code customer.phone}.
         */
        record Name(String pattern) implements Selector {
            public Name {
                if (KeyName.normalised(pattern).isEmpty()) {
                    throw new IllegalArgumentException("a field name has a letter or a digit");
                }
            }

            @Override
            public String identity() {
                return (pattern.startsWith("*") ? "*" : "") + KeyName.normalised(pattern);
            }
        }

        /** By path from the record's root, as {@code /customer/contacts/*}{@code /email}; {@code *} is one member or item. */
        record Path(String pointer) implements Selector {
            private static final int SEGMENTS_MAX = 32;

            public Path {
                if (!pointer.startsWith("/") || segments(pointer).size() > SEGMENTS_MAX) {
                    throw new IllegalArgumentException("a path starts with / and has at most 32 segments");
                }
            }

            @Override
            public String identity() {
                return pointer;
            }

            List<String> segments() {
                return segments(pointer);
            }

            private static List<String> segments(String pointer) {
                return List.of(pointer.substring(1).split("/", -1)).stream()
                        .map(s -> s.replace("~1", "/").replace("~0", "~"))
                        .toList();
            }
        }
    }

    public static FieldRule named(String pattern, Action action) {
        return new FieldRule(new Selector.Name(pattern), action);
    }

    public static FieldRule at(String pointer, Action action) {
        return new FieldRule(new Selector.Path(pointer), action);
    }
}
