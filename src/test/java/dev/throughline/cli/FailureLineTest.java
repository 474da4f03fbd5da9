package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.policy.PolicyException;
import dev.throughline.policy.PolicyLoader;
import dev.throughline.spool.Spool;
import dev.throughline.spool.SpoolConfig;
import dev.throughline.spool.SpoolException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureLineTest {
    @TempDir
    Path folder;

    @Test
    void aPolicyIsToldByCodePlaceAndWhatIsExpected() throws Exception {
        Files.writeString(folder.resolve("p.yaml"), "metadata: {name: x}\n");
        Throwable e = Assertions.catchThrowable(() -> new PolicyLoader().load(folder));
        assertThat(e).isInstanceOf(PolicyException.class);
        assertThat(FailureLine.of(new IllegalStateException("cannot create bean", e)))
                .isEqualTo(
                        "throughline: not_a_policy: policy, p.yaml:1:1: apiVersion: throughline.dev/v1 and kind: Policy or"
                                + " PolicyTest are expected; ./throughline policy check DIR says all of it; correct it there, or leave"
                                + " --policy out");
    }

    @Test
    void aKeyFileIsNotShown() throws Exception {
        Files.writeString(folder.resolve("key"), "c2VjcmV0LXBsYW50ZWQ=");
        Files.writeString(
                folder.resolve("p.yaml"),
                "apiVersion: throughline.dev/v1\nkind: Policy\nmasking: {pseudonyms: {key_id: k1, key_file: "
                        + folder.resolve("key") + "}}\n");
        Throwable e = Assertions.catchThrowable(() -> new PolicyLoader().load(folder));
        assertThat(FailureLine.of(e))
                .startsWith("throughline: invalid_key: policy, ")
                .doesNotContain("c2VjcmV0")
                .hasLineCount(1);
    }

    @Test
    void aSpoolThatIsOpenElsewhereOrCannotBeMadeIsToldWithItsDirectory() {
        InstantSource clock = InstantSource.system();
        try (Spool _ = Spool.open(folder, SpoolConfig.defaults(), clock)) {
            Throwable e = Assertions.catchThrowable(() -> Spool.open(folder, SpoolConfig.defaults(), clock));
            assertThat(e).isInstanceOf(SpoolException.class);
            assertThat(FailureLine.of(e))
                    .startsWith("throughline: spool_locked: ")
                    .contains(folder.toString());
        }
        Throwable e =
                Assertions.catchThrowable(() -> Spool.open(Path.of("/proc/nope/spool"), SpoolConfig.defaults(), clock));
        assertThat(FailureLine.of(e))
                .startsWith("throughline: spool_unusable: cannot open /proc/nope/spool (")
                .endsWith("--data is to name a directory that can be made and written");
    }

    @Test
    void aPortThatIsTakenIsNamedWithItsOption() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            System.setProperty("throughline.http.port", Integer.toString(taken.getLocalPort()));
            assertThat(FailureLine.of(new IllegalStateException(new BindException("Address already in use"))))
                    .startsWith("throughline: port_unavailable: ")
                    .contains("--http-port " + taken.getLocalPort());
        } finally {
            System.clearProperty("throughline.http.port");
        }
    }

    @Test
    void whatALibrarySaysIsNotShown() {
        assertThat(FailureLine.of(new ArithmeticException("password=planted")))
                .startsWith("throughline: unexpected_failure: java.lang.ArithmeticException;")
                .doesNotContain("planted");
        assertThat(FailureLine.of(new NoSuchFileException("/a\n/b")))
                .startsWith("throughline: file_unusable: /a?/b (no such file or directory)")
                .hasLineCount(1);
    }
}
