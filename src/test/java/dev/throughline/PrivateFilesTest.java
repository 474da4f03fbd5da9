package dev.throughline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
    @TempDir
    Path folder;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void filesAndAllDirectoriesThatAreMadeForThemAreTheOwnersAlone() throws Exception {
        Path file = folder.resolve("a/b/key");
        PrivateFiles.replace(file, new byte[] {1, 2});
        PrivateFiles.replace(file, new byte[] {3});
        assertThat(file).hasBinaryContent(new byte[] {3});
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("a/b"))).isEqualTo("rwx------");
        assertThat(folder.resolve("a/b")).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void whatAnEarlierTryLeftDoesNotStandInTheWayAndIsNotWrittenInto() throws Exception {
        Path file = folder.resolve("key");
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "kept");
        Files.createSymbolicLink(folder.resolve("key.new"), elsewhere);
        PrivateFiles.replace(file, new byte[] {1});
        assertThat(elsewhere).hasContent("kept");
        Files.createFile(folder.resolve("key.new"));
        Files.setPosixFilePermissions(folder.resolve("key.new"), PosixFilePermissions.fromString("rw-rw-rw-"));
        PrivateFiles.replace(file, new byte[] {2});
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @Test
    void aDirectoryIsNotMadeBelowAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> PrivateFiles.createDirectories(file.resolve("a")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> PrivateFiles.createDirectories(file)).isInstanceOf(IOException.class);
    }

    @Test
    void aDirectoryThatALinkLeadsToIsOne() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        PrivateFiles.createDirectories(link.resolve("a"));
        assertThat(real.resolve("a")).isDirectory();
    }

    @Test
    void modesAreTightenedAndLinksAreNotFollowed() throws Exception {
        Path outside = Files.writeString(folder.resolve("outside"), "x");
        Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rw-rw-rw-"));
        Path under = Files.createDirectories(folder.resolve("run/deep"));
        Path file = Files.writeString(under.resolve("token"), "x");
        Path tool = Files.writeString(under.resolve("tool"), "x");
        Files.createSymbolicLink(under.resolve("link"), outside);
        for (Path wide : new Path[] {folder.resolve("run"), under, tool}) {
            Files.setPosixFilePermissions(wide, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        assertThat(PrivateFiles.tighten(folder.resolve("run"))).isEqualTo(new PrivateFiles.Tightened(4, 0));
        assertThat(mode(under)).isEqualTo("rwx------");
        assertThat(mode(tool)).isEqualTo("rwx------");
        assertThat(mode(file)).isEqualTo("r--------");
        assertThat(mode(outside)).isEqualTo("rw-rw-rw-");
        assertThat(PrivateFiles.tighten(folder.resolve("run"))).isEqualTo(new PrivateFiles.Tightened(0, 0));
        assertThat(PrivateFiles.tighten(folder.resolve("none"))).isEqualTo(new PrivateFiles.Tightened(0, 0));
    }

    @Test
    void whatIsNoFileOfTheRightSizeHasACodeAndIsNotWaitedFor() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(10, TimeUnit.SECONDS))
                .isTrue();
        Path big = Files.write(folder.resolve("big"), new byte[101]);
        Path loop = folder.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        code("file_not_regular", pipe);
        code("file_not_regular", Path.of("/dev/zero"));
        code("file_not_regular", Path.of("/dev/null"));
        code("file_not_regular", folder);
        code("file_too_large", big);
        code("file_unreadable", loop);
        code("file_missing", folder.resolve("none"));
        code("file_missing", big.resolve("below-a-file"));
        assertThat(PrivateFiles.read(Files.write(folder.resolve("right"), new byte[100]), 100, "it"))
                .hasSize(100);
    }

    private static void code(String code, Path file) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThatThrownBy(() -> PrivateFiles.read(file, 100, "the key file"))
                        .isInstanceOfSatisfying(
                                StartupException.class,
                                e -> assertThat(e.code()).isEqualTo(code))
                        .hasMessageStartingWith("the key file " + file)
                        .hasMessageContaining("; "));
    }
}
