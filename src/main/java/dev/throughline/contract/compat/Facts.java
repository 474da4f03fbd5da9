package dev.throughline.contract.compat;

import dev.throughline.contract.compat.MemberRule.Asked;
import dev.throughline.contract.compat.Shape.Limit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What holds of a value of one kind for which some schemas hold: their keywords, drawn together. */
final class Facts {
    /** Whole numbers in a range that are tried one by one. */
    private static final int RANGE_MAX = 64;

    final List<Shape> left;
    final Kind kind;
    private final ShapeClasses classes;
    private final Flattened flat;
    /** Found when it is first asked for. */
    private int itemsMax = -1;

    Facts(List<Shape> left, Kind kind, ShapeClasses classes) {
        this.left = left;
        this.kind = kind;
        this.classes = classes;
        flat = new Flattened(left, kind, classes);
    }

    /** Whether it is plain that no value of the kind is meant. */
    boolean isContradictory() {
        return flat.contradictory;
    }

    /** All kinds that the value might have had. */
    Set<Kind> kinds() {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (Kind each : Kind.ALL) {
            if (!new Flattened(left, each, classes).contradictory) {
                kinds.add(each);
            }
        }
        return kinds;
    }

    List<Shape> shapes() {
        return flat.shapes;
    }

    /** Schemas that do not hold. */
    List<Shape> negated() {
        return flat.negated;
    }

    Set<String> required() {
        return flat.required;
    }

    boolean isAbsent(String name) {
        return flat.absent.contains(name);
    }

    boolean holds(Shape shape) {
        return flat.isKnown(shape);
    }

    boolean isNegated(Shape shape) {
        return flat.isNegated(shape);
    }

    /** Ways to tell cases apart: in each, one of several lists of schemas holds besides. */
    List<List<List<Shape>>> splits() {
        return flat.splits();
    }

    /** Whether it is plain that the shape does not hold. */
    boolean excludes(Shape shape) {
        return isNegated(shape) || Flattened.excludes(shape, kind);
    }

    // ---- values one by one

    /** All values that may be meant, or null where they are not so few. */
    @Nullable
    List<Value> values() {
        List<Value> fewest = switch (kind) {
            case NULL -> List.of(Value.Word.NULL);
            case BOOLEAN -> List.of(Value.Word.TRUE, Value.Word.FALSE);
            case INTEGER -> range();
            case STRING -> lengthMax() == 0 ? List.of(new Value.Text("")) : null;
            case ARRAY -> itemsMax() == 0 ? List.of(new Value.Items(List.of())) : null;
            case OBJECT -> propertiesMax() == 0 ? List.of(new Value.Members(Map.of())) : null;
            case FRACTION -> null;
        };
        for (Shape shape : flat.shapes) {
            if (shape.literals != null && (fewest == null || shape.literals.size() < fewest.size())) {
                fewest = shape.literals;
            }
        }
        return fewest == null
                ? null
                : fewest.stream().filter(value -> value.kinds().contains(kind)).toList();
    }

    private @Nullable List<Value> range() {
        Limit lower = lower();
        Limit upper = upper();
        if (lower == null || upper == null) {
            return null;
        }
        BigDecimal span = upper.value().subtract(lower.value());
        if (span.compareTo(BigDecimal.valueOf(RANGE_MAX)) > 0) {
            return null;
        }
        List<Value> values = new ArrayList<>();
        for (BigDecimal n = lower.value(); n.compareTo(upper.value()) <= 0; n = n.add(BigDecimal.ONE)) {
            values.add(Value.number(n));
        }
        return values;
    }

    // ---- numbers

    @Nullable
    Limit lower() {
        Limit found = null;
        for (Shape shape : flat.shapes) {
            found = NumberProof.tighter(found, whole(shape.numbers.lower(), true), 1);
        }
        return found;
    }

    @Nullable
    Limit upper() {
        Limit found = null;
        for (Shape shape : flat.shapes) {
            found = NumberProof.tighter(found, whole(shape.numbers.upper(), false), -1);
        }
        return found;
    }

    /** The same bound for values of this kind: of whole numbers, the last one within it. */
    @Nullable
    Limit whole(@Nullable Limit limit, boolean lower) {
        if (limit == null || kind != Kind.INTEGER) {
            return limit;
        }
        BigDecimal rounded = limit.value().setScale(0, lower ? RoundingMode.CEILING : RoundingMode.FLOOR);
        if (limit.exclusive() && rounded.compareTo(limit.value()) == 0) {
            rounded = lower ? rounded.add(BigDecimal.ONE) : rounded.subtract(BigDecimal.ONE);
        }
        return new Limit(rounded, false, limit.keyword());
    }

    List<BigDecimal> multiples() {
        Stream<BigDecimal> written =
                flat.shapes.stream().map(shape -> shape.numbers.multipleOf()).flatMap(Stream::ofNullable);
        return (kind == Kind.INTEGER ? Stream.concat(written, Stream.of(BigDecimal.ONE)) : written).toList();
    }

    // ---- texts

    int lengthMin() {
        return flat.shapes.stream().mapToInt(s -> s.texts.minLength()).max().orElse(0);
    }

    int lengthMax() {
        return flat.shapes.stream().mapToInt(s -> s.texts.maxLength()).min().orElse(Shape.UNBOUNDED);
    }

    Set<String> patterns() {
        Set<String> found = new TreeSet<>();
        for (Shape shape : flat.shapes) {
            if (shape.texts.pattern() != null) {
                found.add(shape.texts.pattern());
            }
        }
        return found;
    }

    /** Patterns that are not matched. */
    Set<String> avoidedPatterns() {
        Set<String> found = new TreeSet<>();
        for (Shape shape : flat.negated) {
            String pattern = ShapeClasses.onlyPattern(shape);
            if (pattern != null) {
                found.add(pattern);
            }
        }
        return found;
    }

    // ---- arrays

    int itemsMin() {
        int least =
                flat.shapes.stream().mapToInt(s -> s.arrays.minItems()).max().orElse(0);
        int contained = flat.shapes.stream()
                .filter(s -> s.arrays.contains() != null)
                .mapToInt(s -> s.arrays.minContains())
                .max()
                .orElse(0);
        return Math.max(least, contained);
    }

    int itemsMax() {
        if (itemsMax < 0) {
            itemsMax = findItemsMax();
        }
        return itemsMax;
    }

    private int findItemsMax() {
        int most = flat.shapes.stream().mapToInt(s -> s.arrays.maxItems()).min().orElse(Shape.UNBOUNDED);
        for (int i = 0; i <= prefixSize() && i < most; i++) {
            if (item(i).stream().anyMatch(shape -> shape.never)) {
                return i;
            }
        }
        return most;
    }

    boolean hasUniqueItems() {
        return itemsMax() <= 1 || flat.shapes.stream().anyMatch(s -> s.arrays.unique());
    }

    List<Shape> item(int index) {
        Map<Integer, Shape> found = new LinkedHashMap<>();
        for (Shape shape : flat.shapes) {
            for (ItemRule rule : shape.itemFacts) {
                add(rule.at(index), found);
            }
        }
        return List.copyOf(found.values());
    }

    /** Items that have rules of their own. */
    int prefixSize() {
        return flat.shapes.stream()
                .flatMap(shape -> shape.itemFacts.stream())
                .mapToInt(rule -> rule.prefix().size())
                .max()
                .orElse(0);
    }

    private static void add(@Nullable Shape shape, Map<Integer, Shape> out) {
        if (shape != null && !shape.isTrivial()) {
            out.putIfAbsent(shape.classId, shape);
        }
    }

    // ---- objects

    int propertiesMin() {
        int least = flat.shapes.stream()
                .mapToInt(s -> s.objects.minProperties())
                .max()
                .orElse(0);
        return Math.max(least, flat.required.size());
    }

    int propertiesMax() {
        return flat.shapes.stream()
                .mapToInt(s -> s.objects.maxProperties())
                .min()
                .orElse(Shape.UNBOUNDED);
    }

    List<MemberRule> memberRules() {
        return flat.shapes.stream().flatMap(shape -> shape.memberFacts.stream()).toList();
    }

    List<Shape> member(String name, Patterns patterns) {
        Map<Integer, Shape> found = new LinkedHashMap<>();
        for (MemberRule rule : memberRules()) {
            for (Asked asked : rule.of(name, patterns)) {
                add(asked.shape(), found);
            }
        }
        return List.copyOf(found.values());
    }

    List<Shape> member(NameClass names) {
        Map<Integer, Shape> found = new LinkedHashMap<>();
        for (MemberRule rule : memberRules()) {
            for (Asked asked : rule.of(names)) {
                add(asked.shape(), found);
            }
        }
        return List.copyOf(found.values());
    }

    /** The schemas of all member names. */
    List<Shape> names() {
        return flat.shapes.stream()
                .map(shape -> shape.objects.propertyNames())
                .flatMap(Stream::ofNullable)
                .toList();
    }

    /** Whether a member of this name may be there. */
    boolean mayHave(String name) {
        return !isAbsent(name) && names().stream().allMatch(names -> names.validator.test(new Value.Text(name)));
    }
}
