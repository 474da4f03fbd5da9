package dev.throughline.contract.compat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in a value two schemas are compared, and what is known to hold there.
 *
 * @param parent the container, null for the whole value
 * @param left schemas that hold there
 * @param cases alternatives that were told apart here
 * @param keyword the keyword by which what is to be proved applies here, and {@code where} that stands; empty for the whole value
 */
record Place(
        @Nullable Place parent,
        @Nullable Step step,
        List<Shape> left,
        String keyword,
        String where,
        int depth,
        int cases) {

    /** From a container to what is compared within it. */
    sealed interface Step {
        /** To a member; the name is null where none is known of those that are meant. */
        record Member(@Nullable String name) implements Step {}

        /** The name itself. */
        record Name(@Nullable String name) implements Step {}

        record Item(int index) implements Step {}
    }

    static Place whole(List<Shape> left) {
        return new Place(null, null, left, "", "", 0, 0);
    }

    Place within(Step to, List<Shape> known, String byKeyword, String fromWhere) {
        return new Place(this, to, known, byKeyword, fromWhere, depth + 1, 0);
    }

    /** The same place where more is known to hold. */
    Place knowing(List<Shape> more) {
        return new Place(parent, step, more, keyword, where, depth, cases);
    }

    /** The same place in one of several cases. */
    Place inCase(List<Shape> more) {
        return new Place(parent, step, more, keyword, where, depth, cases + 1);
    }

    /** RFC 6901; {@code *} stands for names that are not known. */
    String pointer() {
        if (parent == null || step == null) {
            return "";
        }
        return parent.pointer()
                + switch (step) {
                    case Step.Member(String name) -> "/" + token(name);
                    case Step.Name(String name) -> "/" + token(name);
                    case Step.Item(int index) -> "/" + index;
                };
    }

    static String token(@Nullable String name) {
        return name == null ? "*" : name.replace("~", "~0").replace("/", "~1");
    }
}
