package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.throughline.StartupException;
import dev.throughline.ingest.ListenAddress;
import dev.throughline.server.StartupCheck.Port;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartupCheckTest {
    private static final ListenAddress LOOPBACK = ListenAddress.of("127.0.0.1");

    @TempDir
    Path folder;

    private StartupException found(Path data, ListenAddress address, Port... ports) {
        StartupException found = catchThrowableOfType(
                StartupException.class, () -> new StartupCheck(data, address, List.of(ports)).run());
        assertThat(found).as("something is wrong").isNotNull();
        assertThat(found.getMessage()).contains("; ").doesNotContain("\n");
        return found;
    }

    @Test
    void whatCanWorkMakesTheDataDirectory() {
        new StartupCheck(folder.resolve("data"), LOOPBACK, List.of(new Port("--a", 0), new Port("--b", 0))).run();
        assertThat(folder.resolve("data/run")).isDirectory().isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"-1, port_out_of_range", "65536, port_out_of_range", "99999, port_out_of_range"})
    void aNumberThatIsNoPortIsNamedWithItsOption(int number, String code) {
        StartupException found =
                found(folder, LOOPBACK, new Port("--http-port", 0), new Port("--otlp-grpc-port", number));
        assertThat(found.code()).isEqualTo(code);
        assertThat(found).hasMessageStartingWith("--otlp-grpc-port is " + number);
    }

    @Test
    void onePortForTwoIsNamedWithBoth() {
        StartupException found =
                found(folder, LOOPBACK, new Port("--http-port", 18_080), new Port("--otlp-http-port", 18_080));
        assertThat(found.code()).isEqualTo("port_used_twice");
        assertThat(found).hasMessageStartingWith("--http-port and --otlp-http-port are both 18080");
    }

    @Test
    void aPortThatAnotherProcessHasIsNamedWithItsOption() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StartupException found = found(folder, LOOPBACK, new Port("--http-port", other.getLocalPort()));
            assertThat(found.code()).isEqualTo("port_unavailable");
            assertThat(found).hasMessageContaining("--http-port " + other.getLocalPort());
        }
    }

    /** 192.0.2.0/24 is nobody's (RFC 5737). */
    @Test
    void anAddressOfAnotherMachineIsNamed() {
        assertThat(found(folder, ListenAddress.of("192.0.2.1")).code()).isEqualTo("listen_address_unavailable");
    }

    @Test
    void whatIsNoDirectoryOrCannotBeMadeIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        Path loop = folder.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(10, TimeUnit.SECONDS))
                .isTrue();
        assertThat(found(file, LOOPBACK).code()).isEqualTo("data_dir_not_a_directory");
        assertThat(found(pipe, LOOPBACK).code()).isEqualTo("data_dir_not_a_directory");
        assertThat(found(Path.of("/dev/zero"), LOOPBACK).code()).isEqualTo("data_dir_not_a_directory");
        assertThat(found(file.resolve("below"), LOOPBACK).code()).isEqualTo("data_dir_unusable");
        assertThat(found(loop, LOOPBACK).code()).isEqualTo("data_dir_unusable");
        assertThat(found(Path.of("/proc/nope"), LOOPBACK).code()).isEqualTo("data_dir_unusable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ports.json",
                "ports.json.new",
                "write-check",
                "write-check.new",
                "token.new",
                "record-id.key.new"
            })
    void whatStandsWhereAFileIsToBeWrittenIsNamed(String name) throws Exception {
        Path file = Files.createDirectories(folder.resolve("run")).resolve(name);
        Files.createDirectories(file.resolve("below"));
        assertNotRegular(file);
        Files.delete(file.resolve("below"));
        Files.delete(file);
        Files.createSymbolicLink(file, folder.resolve("elsewhere"));
        assertNotRegular(file);
        Files.delete(file);
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor(10, TimeUnit.SECONDS))
                .isTrue();
        assertNotRegular(file);
        Files.delete(file);
        Files.writeString(file, "left behind");
        new StartupCheck(folder, LOOPBACK, List.of()).run();
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    private void assertNotRegular(Path file) {
        StartupException found = found(folder, LOOPBACK);
        assertThat(found.code()).isEqualTo("file_not_regular");
        assertThat(found).hasMessageStartingWith(file + " is ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "policy", "spool", "store"})
    void aFileInPlaceOfADirectoryIsNamed(String name) throws IOException {
        Path directory = Files.writeString(folder.resolve(name), "x");
        StartupException found = found(folder, LOOPBACK);
        assertThat(found.code()).isEqualTo("not_a_directory");
        assertThat(found).hasMessageStartingWith(directory + " is ");
        Files.delete(directory);
        Files.createSymbolicLink(directory, folder.resolve("nowhere"));
        assertThat(found(folder, LOOPBACK).code()).isEqualTo("not_a_directory");
        Files.delete(directory);
        Files.createSymbolicLink(directory, Files.createDirectory(folder.resolve("other-disk")));
        new StartupCheck(folder, LOOPBACK, List.of()).run();
    }

    /** The system's words as a JVM passes them on, with the path before them or without. */
    @ParameterizedTest
    @CsvSource({
        "No space left on device, disk_full",
        "Disk quota exceeded, disk_full",
        "Read-only file system, data_dir_read_only",
        "Too many levels of symbolic links, data_dir_unusable"
    })
    void aDiskThatTakesNothingIsToldByItsKind(String said, String code) {
        assertThat(StartupCheck.unusable(folder, new FileSystemException("x", null, said))
                        .code())
                .isEqualTo(code);
        assertThat(StartupCheck.unusable(folder, new IOException(said)).code()).isEqualTo(code);
    }

    @Test
    void modesOfAnExistingDirectoryAreTightened() throws IOException {
        Path token =
                Files.writeString(Files.createDirectories(folder.resolve("run")).resolve("token"), "x");
        Files.setPosixFilePermissions(token, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        new StartupCheck(folder, LOOPBACK, List.of()).run();
        assertThat(Files.getPosixFilePermissions(token)).hasSize(2);
        assertThat(Files.getPosixFilePermissions(folder.resolve("run"))).hasSize(3);
    }

    @Test
    void brokersAreHostsWithPorts() {
        StartupCheck.brokers("a.example:9092, b-1:9093,[::1]:9092,SASL_SSL://c:9094,127.0.0.1:65535");
        for (String wrong :
                new String[] {"a:99999", "a:0", "", "a", "a:", ":9092", "::::", "a:9092,", "a:b", "a b:1"}) {
            assertThatThrownBy(() -> StartupCheck.brokers(wrong))
                    .as(wrong)
                    .isInstanceOfSatisfying(
                            StartupException.class, e -> assertThat(e.code()).isEqualTo("invalid_setting"));
        }
    }

    @Test
    void tooFewDescriptorsAreToldWithWhatToDo() {
        StartupCheck.openFiles(StartupCheck.OPEN_FILES_MIN);
        assertThatThrownBy(() -> StartupCheck.openFiles(StartupCheck.OPEN_FILES_MIN - 1))
                .isInstanceOfSatisfying(
                        StartupException.class, e -> assertThat(e.code()).isEqualTo("too_few_open_files"))
                .hasMessageContaining("; raise it with ulimit -n");
    }
}
