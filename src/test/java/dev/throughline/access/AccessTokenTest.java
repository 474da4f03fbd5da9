package dev.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.StartupException;
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
    void aMountedTokenIsOnlyRead() throws Exception {
        Path kept = Files.createDirectory(directory.resolve("..2026_11_26")).resolve("token");
        Files.writeString(kept, "0123456789abcdef0123\n");
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("r--r--r--"));
        Path link = Files.createSymbolicLink(directory.resolve("token"), directory.relativize(kept));
        assertThat(AccessToken.readFrom(link).isCarriedBy("Bearer 0123456789abcdef0123"))
                .isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("r--r--r--");
    }

    @Test
    void aMountedTokenThatIsMissingOrAPlaceholderIsNotReplaced() throws Exception {
        Path file = directory.resolve("token");
        assertThatThrownBy(() -> AccessToken.readFrom(file))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(file.toString());
        assertThat(file).doesNotExist();
        Files.writeString(file, "change-me");
        assertThatThrownBy(() -> AccessToken.readFrom(file))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(file.toString())
                .hasMessageNotContaining("change-me");
        assertThat(file).hasContent("change-me");
    }

    @Test
    void aTokenThatWasKeptAndIsDamagedIsNotReplacedByANewOne() throws Exception {
        Path file = directory.resolve("token");
        for (String damaged :
                new String[] {"", "short", "0123456789abcdef\u0000\u0000\u0000", "0123456789 abcdefghij", "ä".repeat(20)
                }) {
            Files.writeString(file, damaged);
            assertThatThrownBy(() -> AccessToken.keptIn(file))
                    .isInstanceOfSatisfying(
                            StartupException.class, e -> assertThat(e.code()).isEqualTo("token_invalid"))
                    .hasMessageContaining("remove it");
            assertThat(file).hasContent(damaged);
        }
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
