package dev.throughline.contract.compat;

import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Numbers of schemas, as far as they can be reckoned with: what is longer or further out is left to comparison as text. */
final class Numbers {
    static final int DIGITS_MAX = 300;
    static final int EXPONENT_MAX = 300;

    private Numbers() {}

    /** The number, or null where it is over a bound. */
    static @Nullable BigDecimal read(String json) {
        if (json.length() > DIGITS_MAX) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(json);
            boolean near = Math.abs((long) number.scale()) <= EXPONENT_MAX;
            return !near ? null : number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        } catch (NumberFormatException farOut) {
            return null;
        }
    }

    static Set<Kind> kinds(@Nullable BigDecimal number) {
        if (number == null) {
            return Set.of(Kind.INTEGER, Kind.FRACTION);
        }
        return Set.of(isWhole(number) ? Kind.INTEGER : Kind.FRACTION);
    }

    static boolean isWhole(BigDecimal number) {
        return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    }

    static boolean isMultiple(BigDecimal number, BigDecimal of) {
        return number.remainder(of).signum() == 0;
    }
}
