package dev.throughline.contract.compat;

import dev.throughline.contract.compat.Shape.InPlace;
import dev.throughline.contract.compat.Shape.ObjectAsks;
import dev.throughline.contract.compat.Shape.Part;
import dev.throughline.contract.compat.Shape.TextAsks;
import dev.throughline.contract.compat.ShapeReader.Signature;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which schemas say the same: a partition, refined until no keyword and no schema beneath tells two of a class apart, whatever circles
 * they refer in. Makes the shapes, too, that assumptions are written as.
 */
final class ShapeClasses {
    // Shared by all comparisons, and in none of their classes.
    static final Shape TRUE = Shape.made(value -> true);
    static final Shape FALSE = never();

    /** Signatures made while refining; beyond it each schema is a class of its own. */
    static final long SIGNATURES_MAX = 4_000_000;

    private final Map<String, Shape> bySignature = new HashMap<>();
    private int next;

    private static Shape never() {
        Shape shape = Shape.made(value -> false);
        shape.never = true;
        shape.classId = -2;
        shape.own = new Signature().add("false", true).toString();
        return shape;
    }

    ShapeClasses(List<Shape> shapes) {
        int classes = refine(shapes);
        for (Shape shape : shapes) {
            if (classes < 0) {
                shape.classId = next++;
            } else {
                next = Math.max(next, shape.classId + 1);
            }
            bySignature.putIfAbsent(signature(shape), shape);
        }
    }

    /** The number of classes, or -1 where the bound was met. */
    private static int refine(List<Shape> shapes) {
        shapes.forEach(shape -> shape.classId = 0);
        int classes = 1;
        long signatures = 0;
        while (true) {
            Map<String, Integer> ids = new HashMap<>();
            int[] found = new int[shapes.size()];
            for (int i = 0; i < found.length; i++) {
                found[i] = ids.computeIfAbsent(signature(shapes.get(i)), _ -> ids.size());
            }
            for (int i = 0; i < found.length; i++) {
                shapes.get(i).classId = found[i];
            }
            if (ids.size() == classes) {
                return classes;
            }
            classes = ids.size();
            signatures += found.length;
            if (signatures > SIGNATURES_MAX) {
                return -1;
            }
        }
    }

    private static String signature(Shape shape) {
        StringBuilder out = new StringBuilder(shape.own);
        for (Part part : shape.parts) {
            int[] ids = part.shapes().stream().mapToInt(each -> each.classId).toArray();
            if (!part.ordered()) {
                Arrays.sort(ids);
            }
            out.append(part.label()).append(Arrays.toString(ids));
        }
        return out.toString();
    }

    private Shape interned(Shape shape) {
        Shape known = bySignature.putIfAbsent(signature(shape), shape);
        if (known != null) {
            return known;
        }
        shape.classId = next++;
        return shape;
    }

    /** Objects with this member, and all that are no objects. */
    Shape requiring(String name) {
        Shape shape = Shape.made(value ->
                !(value instanceof Value.Members object) || object.members().containsKey(name));
        shape.objects = new ObjectAsks(0, Shape.UNBOUNDED, Set.of(name), Map.of(), Map.of(), null);
        shape.own = new Signature().required(Set.of(name)).toString();
        return interned(shape);
    }

    /** The member that this shape {@linkplain #requiring requires} and nothing else; null for others. */
    static @Nullable String onlyRequired(Shape shape) {
        if (shape.objects.required().size() != 1 || !shape.parts.isEmpty()) {
            return null;
        }
        String own = new Signature().required(shape.objects.required()).toString();
        return shape.own.equals(own) ? shape.objects.required().iterator().next() : null;
    }

    /** Texts that match, and all that are no texts. */
    Shape matching(String pattern, Patterns patterns) {
        Shape shape =
                Shape.made(value -> !(value instanceof Value.Text(String text)) || patterns.matches(pattern, text));
        shape.texts = new TextAsks(0, Shape.UNBOUNDED, pattern, null);
        shape.own = new Signature().pattern(pattern).toString();
        return interned(shape);
    }

    /** The pattern that this shape {@linkplain #matching matches} and nothing else; null for others. */
    static @Nullable String onlyPattern(Shape shape) {
        String pattern = shape.texts.pattern();
        boolean only = pattern != null
                && shape.parts.isEmpty()
                && shape.own.equals(new Signature().pattern(pattern).toString());
        return only ? pattern : null;
    }

    Shape not(Shape negated) {
        Shape shape = Shape.made(value -> !negated.validator.test(value));
        shape.inPlace = new InPlace(List.of(), List.of(), List.of(), negated, null, null, null);
        shape.parts = List.of(new Part("not", List.of(negated), true));
        return interned(shape);
    }

    /** One text, and nothing else. */
    Shape only(String text) {
        Value.Text value = new Value.Text(text);
        Shape shape = Shape.made(value::equals);
        shape.literals = List.of(value);
        shape.own = new Signature().literals(List.of(value)).toString();
        return interned(shape);
    }
}
