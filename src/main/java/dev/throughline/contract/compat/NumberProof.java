package dev.throughline.contract.compat;

import dev.throughline.contract.compat.Shape.Limit;
import dev.throughline.contract.compat.Shape.NumberAsks;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proves what a schema asks of a number. */
record NumberProof(Goal goal) {

    boolean holds() {
        NumberAsks asks = goal.right().numbers;
        if (asks.unread()) {
            return goal.fails("number", null, null);
        }
        Facts facts = goal.facts();
        boolean ok = isWithin(facts.lower(), facts.whole(asks.lower(), true), 1);
        ok &= isWithin(facts.upper(), facts.whole(asks.upper(), false), -1);
        ok &= asks.multipleOf() == null || isMultiple(asks.multipleOf());
        return ok;
    }

    private boolean isWithin(@Nullable Limit known, @Nullable Limit wanted, int sign) {
        if (wanted == null || (known != null && known.equals(tighter(known, wanted, sign)))) {
            return true;
        }
        Limit written =
                sign > 0 ? goal.right().numbers.lower() : goal.right().numbers.upper();
        return goal.fails(wanted.keyword(), known, written);
    }

    private boolean isMultiple(BigDecimal wanted) {
        List<BigDecimal> known = goal.facts().multiples();
        if (known.stream().anyMatch(multiple -> Numbers.isMultiple(multiple, wanted))) {
            return true;
        }
        BigDecimal written = goal.facts().shapes().stream()
                .map(shape -> shape.numbers.multipleOf())
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
        return goal.fails("multipleOf", written, wanted);
    }

    /**
     * The one of two bounds that admits less, the first one of equals.
     *
     * @param sign 1 for lower bounds, -1 for upper ones
     */
    static @Nullable Limit tighter(@Nullable Limit one, @Nullable Limit other, int sign) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        int order =
                sign > 0 ? one.value().compareTo(other.value()) : other.value().compareTo(one.value());
        return order > 0 || (order == 0 && (one.exclusive() || !other.exclusive())) ? one : other;
    }
}
