package dev.throughline.contract.compat;

import dev.throughline.contract.compat.Shape.Limit;
import org.jspecify.annotations.Nullable;

/** The bound that goes with a keyword: what is known, and what is wanted. */
final class Bounds {
    private Bounds() {}

    static @Nullable Object known(Goal goal, String keyword) {
        Facts facts = goal.facts();
        return switch (keyword) {
            case "minimum", "exclusiveMinimum" -> facts.lower();
            case "maximum", "exclusiveMaximum" -> facts.upper();
            case "minLength" -> facts.lengthMin() == 0 ? null : facts.lengthMin();
            case "maxLength" -> facts.lengthMax() == Shape.UNBOUNDED ? null : facts.lengthMax();
            case "pattern" -> facts.patterns().stream().findFirst().orElse(null);
            case "type" -> facts.kinds().equals(Kind.ALL) ? null : Kind.types(facts.kinds());
            default -> null;
        };
    }

    static @Nullable Object wanted(Shape right, String keyword) {
        for (Shape shape : right.closure()) {
            Object found = own(shape, keyword);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Object own(Shape shape, String keyword) {
        Limit lower = shape.numbers.lower();
        Limit upper = shape.numbers.upper();
        return switch (keyword) {
            case "minimum", "exclusiveMinimum" ->
                lower != null && lower.keyword().equals(keyword) ? lower : null;
            case "maximum", "exclusiveMaximum" ->
                upper != null && upper.keyword().equals(keyword) ? upper : null;
            case "multipleOf" -> shape.numbers.multipleOf();
            case "minLength" -> shape.texts.minLength() == 0 ? null : shape.texts.minLength();
            case "maxLength" -> shape.texts.maxLength() == Shape.UNBOUNDED ? null : shape.texts.maxLength();
            case "pattern" -> shape.texts.pattern();
            case "format" ->
                shape.texts.format() == null ? null : shape.texts.format().label();
            case "type" -> shape.kinds.size() == Kind.ALL.size() ? null : Kind.types(shape.kinds);
            case "enum", "const" -> shape.literalsKeyword.equals(keyword) ? shape.literals : null;
            case "anyOf" -> shape.inPlace.any().isEmpty() ? null : shape.inPlace.any();
            case "oneOf" -> shape.inPlace.one().isEmpty() ? null : shape.inPlace.one();
            case "not" -> shape.inPlace.not();
            default -> null;
        };
    }

    /** Where a keyword stands that refused a value, or something beneath it. */
    static String where(Shape right, String keyword, String beneath) {
        if (beneath.isEmpty()) {
            for (Shape shape : right.closure()) {
                if (!shape.where.equals("") && own(shape, keyword) != null) {
                    return shape.where + "/" + keyword;
                }
            }
            return right.where + (right.where.isEmpty() || own(right, keyword) != null ? "/" + keyword : "");
        }
        return right.where;
    }
}
