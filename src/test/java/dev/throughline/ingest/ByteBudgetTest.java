package dev.throughline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(100);
    private final List<String> ran = new ArrayList<>();

    @Test
    void whoFindsNoneWaitsInLine() {
        assertThat(budget.take(80, () -> ran.add("a"))).isTrue();
        assertThat(budget.take(30, () -> ran.add("b"))).isFalse();
        assertThat(budget.take(10, () -> ran.add("c")))
                .as("behind the first in line")
                .isFalse();
        budget.give(80);
        assertThat(ran).containsExactly("b", "c");
        assertThat(budget.used()).isEqualTo(40);
    }

    @Test
    void whatIsLargerThanAllGoesAlone() {
        assertThat(budget.take(500, () -> {})).isTrue();
        assertThat(budget.take(1, () -> ran.add("x"))).isFalse();
        budget.give(500);
        assertThat(ran).containsExactly("x");
    }

    @Test
    void whoLeavesTheLineIsNotRun() {
        budget.take(100, () -> {});
        Runnable late = () -> ran.add("late");
        budget.take(10, late);
        assertThat(budget.leave(late)).isTrue();
        assertThat(budget.leave(late)).isFalse();
        budget.give(100);
        assertThat(ran).isEmpty();
        assertThat(budget.used()).isZero();
    }
}
