package dev.throughline.contract.compat;

import dev.throughline.contract.format.StringFormat;
import dev.throughline.contract.schema.JsonSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one schema asserts, decoded. Made empty and filled by the {@link ShapeReader}, since schemas refer in circles; then given a {@link
 * #classId}, equal for schemas that say the same.
 */
final class Shape {
    static final int UNBOUNDED = Integer.MAX_VALUE;

    /** Where it stands: document and pointer. */
    final String where;

    /** What tries a value on it alone. */
    final Predicate<Value> validator;

    /** Null where it was made, not read. */
    final @Nullable JsonSchema compiled;

    int classId = -1;
    boolean never;
    Set<Kind> kinds = Kind.ALL;
    /** Found when it is first asked for, all being filled. */
    private @Nullable Set<Kind> possibleKinds;

    /** The only values, where they are listed. */
    @Nullable
    List<Value> literals;

    /** How they are listed: {@code enum} or {@code const}. */
    String literalsKeyword = "";

    NumberAsks numbers = NumberAsks.NONE;
    TextAsks texts = TextAsks.NONE;
    ArrayAsks arrays = ArrayAsks.NONE;
    ObjectAsks objects = ObjectAsks.NONE;
    InPlace inPlace = InPlace.NONE;

    /** What the members and items beyond the evaluated ones are asked. */
    @Nullable
    Shape unevaluatedProperties;

    @Nullable
    Shape unevaluatedItems;

    // As known facts, and as what is to be proved: they differ where it is not known what is evaluated.
    List<MemberRule> memberFacts = List.of();
    List<MemberRule> memberGoals = List.of();
    List<ItemRule> itemFacts = List.of();
    List<ItemRule> itemGoals = List.of();

    /** What it says beside its parts: equal for equal keywords. */
    String own = "";

    List<Part> parts = List.of();

    /** The schemas under one keyword. */
    record Part(String label, List<Shape> shapes, boolean ordered) {}

    /** A bound of numbers and the keyword that it came by. */
    record Limit(BigDecimal value, boolean exclusive, String keyword) {}

    /** @param unread whether one of its numbers is too long to be reckoned with */
    record NumberAsks(
            @Nullable Limit lower,
            @Nullable Limit upper,
            @Nullable BigDecimal multipleOf,
            boolean unread) {
        static final NumberAsks NONE = new NumberAsks(null, null, null, false);
    }

    record TextAsks(
            int minLength,
            int maxLength,
            @Nullable String pattern,
            @Nullable StringFormat format) {
        static final TextAsks NONE = new TextAsks(0, UNBOUNDED, null, null);
    }

    record ArrayAsks(
            int minItems,
            int maxItems,
            boolean unique,
            @Nullable Shape contains,
            int minContains,
            int maxContains) {
        static final ArrayAsks NONE = new ArrayAsks(0, UNBOUNDED, false, null, 1, UNBOUNDED);
    }

    record ObjectAsks(
            int minProperties,
            int maxProperties,
            Set<String> required,
            Map<String, List<String>> dependentRequired,
            Map<String, Shape> dependentSchemas,
            @Nullable Shape propertyNames) {
        static final ObjectAsks NONE = new ObjectAsks(0, UNBOUNDED, Set.of(), Map.of(), Map.of(), null);
    }

    /**
     * Schemas over the same value.
     *
     * @param all those that hold in any case, referred ones included
     */
    record InPlace(
            List<Shape> all,
            List<Shape> any,
            List<Shape> one,
            @Nullable Shape not,
            @Nullable Shape condition,
            @Nullable Shape then,
            @Nullable Shape otherwise) {
        static final InPlace NONE = new InPlace(List.of(), List.of(), List.of(), null, null, null, null);
    }

    Shape(String where, Predicate<Value> validator, @Nullable JsonSchema compiled) {
        this.where = where;
        this.validator = validator;
        this.compiled = compiled;
    }

    /** One that stands nowhere. */
    static Shape made(Predicate<Value> validator) {
        return new Shape("", validator, null);
    }

    /** Whether it asserts nothing. */
    boolean isTrivial() {
        return own.isEmpty() && parts.isEmpty() && !never;
    }

    /** The kinds of values that it may hold for, by the types of all that holds with it. */
    Set<Kind> possibleKinds() {
        if (possibleKinds == null) {
            Set<Kind> found = EnumSet.copyOf(Kind.ALL);
            Set<Shape> seen = new LinkedHashSet<>();
            List<Shape> open = new ArrayList<>(List.of(this));
            while (!open.isEmpty()) {
                Shape next = open.removeLast();
                if (seen.add(next)) {
                    found.retainAll(next.never ? Set.of() : next.kinds);
                    open.addAll(next.inPlace.all);
                }
            }
            possibleKinds = found;
        }
        return possibleKinds;
    }

    /** Itself and all that may apply to the same value, each once. */
    Set<Shape> closure() {
        Set<Shape> found = new LinkedHashSet<>();
        List<Shape> open = new ArrayList<>(List.of(this));
        while (!open.isEmpty()) {
            Shape next = open.removeLast();
            if (found.add(next)) {
                open.addAll(next.inPlace.all);
                open.addAll(next.branches());
            }
        }
        return found;
    }

    /** What applies to the same value in some cases, and is then evaluated: not what {@code not} forbids. */
    List<Shape> conditional() {
        List<Shape> found = new ArrayList<>(inPlace.any);
        found.addAll(inPlace.one);
        for (Shape each : new @Nullable Shape[] {inPlace.condition, inPlace.then, inPlace.otherwise}) {
            if (each != null) {
                found.add(each);
            }
        }
        found.addAll(objects.dependentSchemas.values());
        return found;
    }

    private List<Shape> branches() {
        List<Shape> found = conditional();
        if (inPlace.not != null) {
            found.add(inPlace.not);
        }
        return found;
    }

    @Override
    public String toString() {
        return "Shape[" + where + "]";
    }
}
