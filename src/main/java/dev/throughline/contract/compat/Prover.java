package dev.throughline.contract.compat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Proves that what conforms to some schemas conforms to another one, by rules only: true is certain, false means that no rule said so.
 *
 * <p>Schemas that refer in circles are compared under the assumption that what is being compared holds for all smaller values: a goal
 * that comes back for a part of the value is taken for granted, one that comes back for the value itself is not.
 */
final class Prover {
    /** Alternatives within alternatives that are told apart. */
    private static final int CASES_DEPTH_MAX = 4;
    /** Values that are listed and tried. */
    private static final int VALUES_MAX = 5_000;

    final ShapeClasses classes;
    final Patterns patterns;
    private final Budget budget;
    private final Map<Key, Boolean> settled = new HashMap<>();
    /** Goals that were reported to fail, by the size of the report before. */
    private final Map<Reported, Integer> reported = new HashMap<>();

    private final Map<Key, Open> open = new HashMap<>();
    /** The outermost open goal that something was taken for granted by. */
    private int outermostAssumed = Integer.MAX_VALUE;

    private record Key(Set<Integer> left, int right, Kind kind) {}

    private record Reported(Key goal, String pointer) {}

    private record Open(int index, int depth) {}

    Prover(ShapeClasses classes, Patterns patterns, Budget budget) {
        this.classes = classes;
        this.patterns = patterns;
        this.budget = budget;
    }

    /** Whether all values, of whatever kind, for which the place's schemas hold conform to {@code right}. */
    boolean proves(Place place, Shape right, @Nullable Report report) {
        boolean ok = true;
        for (Kind kind : Kind.ALL) {
            ok &= proves(place, right, kind, report);
            if (!ok && report == null) {
                return false;
            }
        }
        return ok;
    }

    /** The same of values of one kind. */
    boolean proves(Place place, Shape right, Kind kind, @Nullable Report report) {
        Set<Integer> left = new TreeSet<>();
        place.left().forEach(shape -> left.add(shape.classId));
        if (right.isTrivial() || (!right.never && left.contains(right.classId))) {
            return true;
        }
        Key key = new Key(left, right.never ? ShapeClasses.FALSE.classId : right.classId, kind);
        Boolean known = settled.get(key);
        if (known != null && (known || isReported(key, place, report))) {
            return known;
        }
        Open circle = open.get(key);
        if (circle != null) {
            boolean smaller = place.depth() > circle.depth;
            outermostAssumed = smaller ? Math.min(outermostAssumed, circle.index) : outermostAssumed;
            return smaller;
        }
        budget.spendGoal();
        if (open.size() == Budget.DEPTH_MAX) {
            return new Goal(new Facts(place.left(), kind, classes), right, place, report).fails("depth", null, null);
        }
        return settle(key, place, right, report);
    }

    private boolean isReported(Key key, Place place, @Nullable Report report) {
        return report == null || report.isFull() || reported.containsKey(new Reported(key, place.pointer()));
    }

    private boolean settle(Key key, Place place, Shape right, @Nullable Report report) {
        int index = open.size();
        int assumedBefore = outermostAssumed;
        outermostAssumed = Integer.MAX_VALUE;
        int sizeBefore = report == null ? 0 : report.size();
        open.put(key, new Open(index, place.depth()));
        boolean proved = decide(new Goal(new Facts(place.left(), key.kind, classes), right, place, report));
        open.remove(key);
        if (!proved || outermostAssumed >= index) {
            settled.put(key, proved);
            outermostAssumed = assumedBefore;
        } else {
            outermostAssumed = Math.min(outermostAssumed, assumedBefore);
        }
        if (!proved && report != null) {
            reported.put(new Reported(key, place.pointer()), sizeBefore);
        }
        return proved;
    }

    private boolean decide(Goal goal) {
        Facts facts = goal.facts();
        if (facts.isContradictory()) {
            return true;
        }
        List<Value> values = facts.values();
        if (values != null && values.size() <= VALUES_MAX) {
            return tries(goal, values);
        }
        Report report = goal.report();
        int before = report == null ? 0 : report.size();
        if (new InPlaceProof(this, goal).holds()) {
            return true;
        }
        if (report != null && report.hasWitnessSince(before)) {
            return false;
        }
        if (new EmptinessProof(this, goal).holds()) {
            return isTakenBack(report, before);
        }
        List<List<List<Shape>>> splits = facts.splits();
        if (splits.isEmpty() || goal.place().cases() == CASES_DEPTH_MAX) {
            return false;
        }
        isTakenBack(report, before);
        return holdsInAll(splits.getFirst(), goal);
    }

    private boolean isTakenBack(@Nullable Report report, int size) {
        if (report != null) {
            report.takeBack(size);
            reported.values().removeIf(before -> before >= size);
        }
        return true;
    }

    /** Tries each value that may be meant: exact. */
    private static boolean tries(Goal goal, List<Value> values) {
        List<Value> refused = new ArrayList<>();
        for (Value value : values) {
            boolean meant = goal.facts().left.stream().allMatch(shape -> shape.validator.test(value));
            if (meant && !goal.right().validator.test(value)) {
                refused.add(value);
                if (goal.report() == null) {
                    return false;
                }
            }
        }
        if (goal.report() != null && !refused.isEmpty()) {
            goal.report().addRefused(goal, refused);
        }
        return refused.isEmpty();
    }

    private boolean holdsInAll(List<List<Shape>> cases, Goal goal) {
        boolean ok = true;
        Report report = goal.report();
        int before = report == null ? 0 : report.size();
        for (List<Shape> each : cases) {
            List<Shape> known = new ArrayList<>(goal.place().left());
            known.addAll(each);
            ok &= proves(goal.place().inCase(known), goal.right(), goal.kind(), report);
            if (!ok && (report == null || report.hasWitnessSince(before))) {
                break;
            }
        }
        return ok;
    }
}
