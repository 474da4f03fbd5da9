package dev.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTokenTest {
    @TempDir
    Path directory;

    @Test
    void aTokenIsMadeOnceAndKeptForTheOwnerOnly() throws Exception {
        Path file = directory.resolve("run/token");
        AccessToken.keptIn(file);
        String first = Files.readString(file).strip();
        assertThat(first).hasSize(43);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        AccessToken again = AccessToken.keptIn(file);
        assertThat(Files.readString(file).strip()).isEqualTo(first);
        assertThat(again.isCarriedBy("Bearer " + first)).isTrue();
        assertThat(again.isCarriedBy("bearer  " + first)).isTrue();
    }

    @Test
    void nothingElseIsCarried() {
        AccessToken token = AccessToken.of("0123456789abcdef0123");
        assertThat(token.isCarriedBy(null)).isFalse();
        assertThat(token.isCarriedBy("")).isFalse();
        assertThat(token.isCarriedBy("Bearer ")).isFalse();
        assertThat(token.isCarriedBy("Bearer 0123456789abcdef012")).isFalse();
        assertThat(token.isCarriedBy("Bearer 0123456789abcdef01234")).isFalse();
        assertThat(token.isCarriedBy("Basic 0123456789abcdef0123")).isFalse();
        assertThat(token.toString()).doesNotContain("0123");
    }
}
