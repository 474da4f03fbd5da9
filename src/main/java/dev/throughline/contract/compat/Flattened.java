package dev.throughline.contract.compat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** All schemas that are known to hold where some do, for one kind of value, and the alternatives that are left open. */
final class Flattened {
    /** Alternatives of which the others are known not to hold. */
    private static final int EXCLUSIVE_MAX = 24;

    final List<Shape> shapes = new ArrayList<>();
    final List<Shape> negated = new ArrayList<>();
    final Set<String> required = new LinkedHashSet<>();
    final Set<String> absent = new LinkedHashSet<>();
    boolean contradictory;

    private final Kind kind;
    private final ShapeClasses classes;
    private final Set<Integer> ids = new HashSet<>();
    private final Set<Integer> negatedIds = new HashSet<>();
    private final ArrayDeque<Shape> queue = new ArrayDeque<>();
    private List<Open> open = new ArrayList<>();

    /** What is not known yet to hold. */
    private sealed interface Open {
        record AnyOf(List<Shape> branches) implements Open {}

        record OneOf(List<Shape> branches) implements Open {}

        record If(
                Shape condition,
                @Nullable Shape then,
                @Nullable Shape otherwise) implements Open {}

        record Dependent(String name, Shape shape) implements Open {}
    }

    Flattened(List<Shape> left, Kind kind, ShapeClasses classes) {
        this.kind = kind;
        this.classes = classes;
        queue.addAll(left);
        boolean more = true;
        while (more && !contradictory) {
            while (!queue.isEmpty()) {
                take(queue.remove());
            }
            closeRequired();
            List<Open> before = open;
            open = new ArrayList<>();
            for (Open each : before) {
                if (!settles(each)) {
                    open.add(each);
                }
            }
            more = !queue.isEmpty();
        }
        contradictory |= negated.stream().anyMatch(shape -> ids.contains(shape.classId) || shape.isTrivial())
                || required.stream().anyMatch(absent::contains);
    }

    boolean isKnown(Shape shape) {
        return shape.isTrivial() || ids.contains(shape.classId);
    }

    boolean isNegated(Shape shape) {
        return negatedIds.contains(shape.classId);
    }

    /** Whether it is plain that the shape holds for no value of the kind. */
    static boolean excludes(Shape shape, Kind kind) {
        return !shape.possibleKinds().contains(kind);
    }

    private void take(Shape shape) {
        if (shape.never || !shape.kinds.contains(kind)) {
            contradictory = true;
            return;
        }
        if (shape.isTrivial() || !ids.add(shape.classId)) {
            return;
        }
        shapes.add(shape);
        queue.addAll(shape.inPlace.all());
        if (shape.inPlace.not() != null) {
            negate(shape.inPlace.not());
        }
        if (!shape.inPlace.any().isEmpty()) {
            open.add(new Open.AnyOf(shape.inPlace.any()));
        }
        if (!shape.inPlace.one().isEmpty()) {
            open.add(new Open.OneOf(shape.inPlace.one()));
        }
        Shape condition = shape.inPlace.condition();
        if (condition != null && (shape.inPlace.then() != null || shape.inPlace.otherwise() != null)) {
            open.add(new Open.If(condition, shape.inPlace.then(), shape.inPlace.otherwise()));
        }
        if (kind == Kind.OBJECT) {
            required.addAll(shape.objects.required());
            shape.objects.dependentSchemas().forEach((name, each) -> open.add(new Open.Dependent(name, each)));
        }
    }

    private void negate(Shape shape) {
        if (!negatedIds.add(shape.classId)) {
            return;
        }
        if (!excludes(shape, kind)) {
            negated.add(shape);
            String name = ShapeClasses.onlyRequired(shape);
            if (name != null && kind == Kind.OBJECT) {
                absent.add(name);
            }
        }
    }

    private void closeRequired() {
        for (int before = -1; before != required.size(); ) {
            before = required.size();
            for (Shape shape : shapes) {
                for (Map.Entry<String, List<String>> entry :
                        shape.objects.dependentRequired().entrySet()) {
                    if (required.contains(entry.getKey())) {
                        required.addAll(entry.getValue());
                    }
                }
            }
        }
    }

    /** Whether nothing is left open of it. */
    private boolean settles(Open each) {
        return switch (each) {
            case Open.AnyOf(List<Shape> branches) -> {
                List<Shape> left = possible(branches);
                boolean known = left.stream().anyMatch(this::isKnown);
                yield known || settlesLast(left);
            }
            case Open.OneOf(List<Shape> branches) -> {
                List<Shape> left = possible(branches);
                boolean toldApart = left.size() > EXCLUSIVE_MAX && left.stream().anyMatch(this::isKnown);
                yield toldApart || settlesLast(left);
            }
            case Open.If(Shape condition, Shape then, Shape otherwise) -> {
                boolean holds = isKnown(condition);
                boolean fails = excludes(condition, kind) || isNegated(condition);
                Shape branch = holds ? then : fails ? otherwise : null;
                if (branch != null) {
                    queue.add(branch);
                }
                yield holds || fails;
            }
            case Open.Dependent(String name, Shape shape) -> {
                if (required.contains(name)) {
                    queue.add(shape);
                }
                yield required.contains(name) || absent.contains(name);
            }
        };
    }

    private boolean settlesLast(List<Shape> left) {
        contradictory |= left.isEmpty();
        if (left.size() == 1) {
            queue.add(left.getFirst());
        }
        return left.size() <= 1;
    }

    private List<Shape> possible(List<Shape> branches) {
        return branches.stream()
                .filter(branch -> !excludes(branch, kind) && !isNegated(branch))
                .toList();
    }

    // ---- cases

    List<List<List<Shape>>> splits() {
        return open.stream().map(this::cases).toList();
    }

    private List<List<Shape>> cases(Open each) {
        return switch (each) {
            case Open.AnyOf(List<Shape> branches) ->
                possible(branches).stream().map(List::of).toList();
            case Open.OneOf(List<Shape> branches) -> {
                List<Shape> left = possible(branches);
                yield IntStream.range(0, left.size())
                        .mapToObj(i -> alone(i, left))
                        .toList();
            }
            case Open.If(Shape condition, Shape then, Shape otherwise) ->
                List.of(both(condition, then), both(classes.not(condition), otherwise));
            case Open.Dependent(String name, Shape shape) -> {
                Shape present = classes.requiring(name);
                yield List.of(List.of(present, shape), List.of(classes.not(present)));
            }
        };
    }

    private static List<Shape> both(Shape one, @Nullable Shape other) {
        return other == null ? List.of(one) : List.of(one, other);
    }

    private List<Shape> alone(int branch, List<Shape> all) {
        List<Shape> known = new ArrayList<>(List.of(all.get(branch)));
        for (int i = 0; i < all.size() && all.size() <= EXCLUSIVE_MAX; i++) {
            if (i != branch) {
                known.add(classes.not(all.get(i)));
            }
        }
        return known;
    }
}
