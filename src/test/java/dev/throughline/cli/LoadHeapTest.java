package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoadHeapTest {
    @Test
    void onlyLoadGeneratorsNeedMoreThanASidecarsHeap() {
        assertThat(LoadHeap.isTooSmall("bench", 160L << 20)).isTrue();
        assertThat(LoadHeap.isTooSmall("torture", 160L << 20)).isTrue();
        assertThat(LoadHeap.isTooSmall("bench", 1L << 30)).isFalse();
        assertThat(LoadHeap.isTooSmall("serve", 160L << 20)).isFalse();
    }

    @Test
    void aJvmIsLeftAlone() {
        assertThat(LoadHeap.isTooSmallFor("bench")).isFalse();
    }
}
