package dev.throughline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class OpenFileLimitTest {
    private static final String HEAD = "Limit                     Soft Limit           Hard Limit           Units     ";

    @Test
    void theSoftLimitIsReadFromTheKernelsTable() {
        assertThat(OpenFileLimit.parse(List.of(
                        HEAD,
                        "Max processes             127235               127235               processes ",
                        "Max open files            1024                 524288               files     ")))
                .isEqualTo(1_024);
    }

    @Test
    void noLimitIsTheLargestNumber() {
        assertThat(OpenFileLimit.parse(
                        List.of("Max open files            unlimited            unlimited            files")))
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aTableWithoutTheRowOrTheNumberIsTheUsualLimit() {
        assertThat(OpenFileLimit.parse(List.of())).isEqualTo(1_024);
        assertThat(OpenFileLimit.parse(List.of(HEAD, "Max open files   many   many   files")))
                .isEqualTo(1_024);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatIsOpenIsCountedAndBelowTheLimit(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("a"));
        try (FileChannel _ = FileChannel.open(file);
                FileChannel _ = FileChannel.open(file);
                FileChannel _ = FileChannel.open(file)) {
            assertThat(OpenFileLimit.inUse()).isGreaterThan(3).isLessThan(OpenFileLimit.ofThisProcess());
        }
    }
}
