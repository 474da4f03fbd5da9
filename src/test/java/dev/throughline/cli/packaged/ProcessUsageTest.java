package dev.throughline.cli.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessUsageTest {
    @Test
    void userAndSystemTicksAreFoundBehindANameWithBlanksAndBrackets() {
        String stat = "4242 (a (b) c) S 1 4242 4242 0 -1 4194560 9 0 0 0 150 25 7 8 20 0 12 0 99 0 0";
        assertThat(ProcessUsage.cpu(stat, 100)).isEqualTo(Duration.ofMillis(1_750));
    }

    @Test
    void thePeakIsReadInKibibytes() throws Exception {
        assertThat(ProcessUsage.residentPeakBytes("VmPeak:\t  9999 kB\nVmHWM:\t  2048 kB\nVmRSS:\t 1 kB\n"))
                .isEqualTo(2 << 20);
    }

    @Test
    void thisProcessHasUsedSomething() throws Exception {
        ProcessUsage usage = ProcessUsage.of(ProcessHandle.current().pid());
        assertThat(usage.cpu()).isPositive();
        assertThat(usage.residentPeakBytes()).isGreaterThan(10 << 20);
    }
}
