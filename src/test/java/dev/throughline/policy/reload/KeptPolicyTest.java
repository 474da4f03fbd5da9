package dev.throughline.policy.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.StartupException;
import dev.throughline.policy.document.PolicyFiles;
import dev.throughline.policy.document.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class KeptPolicyTest {
    private static final Instant AT = Instant.parse("2026-01-26T10:24:18Z");

    @TempDir
    Path folder;

    private Path kept;
    private KeptPolicy.State state;

    @BeforeEach
    void keep() throws IOException {
        kept = folder.resolve("policy");
        Path source = Files.createDirectory(folder.resolve("source"));
        Files.writeString(source.resolve("p.yaml"), "apiVersion: throughline.dev/v1\nkind: Policy\n");
        PolicyFiles files = Objects.requireNonNull(PolicyFiles.read(source, new Problems()));
        state = new KeptPolicy.State(files.hashText(), "", Instant.EPOCH, "f".repeat(64), AT, "refuses too much");
        new KeptPolicy(kept).keep(state, files);
    }

    @Test
    void whatIsKeptIsTheOwnersAlone() throws IOException {
        assertThat(new KeptPolicy(kept).state()).isEqualTo(state);
        try (var all = Files.walk(kept)) {
            for (Path each : all.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .as(each.toString())
                        .isEqualTo(Files.isDirectory(each) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void aStateThatIsNotThereIsNone() {
        assertThat(new KeptPolicy(folder.resolve("none")).state()).isEqualTo(KeptPolicy.State.NONE);
    }

    /** The kernel would have the reader wait for a writer. */
    @Test
    @Timeout(20)
    void aPipeIsNoDirectory() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Problems problems = new Problems();
        assertThat(PolicyFiles.read(pipe, problems)).isNull();
        assertThat(problems.list()).extracting(problem -> problem.code()).contains("unreadable_file");
    }

    @Test
    void aDamagedStateIsNotTakenForNone() throws IOException {
        Path file = kept.resolve("state");
        String whole = Files.readString(file);
        for (String damaged : new String[] {
            "",
            whole.substring(0, whole.length() / 2),
            whole.replace("f".repeat(64), "f".repeat(63)),
            whole.replace("rolled_back_at 2026", "rolled_back_at x026"),
            whole.replace("current ", "currant ")
        }) {
            Files.writeString(file, damaged);
            assertThatThrownBy(() -> new KeptPolicy(kept).state())
                    .as(damaged)
                    .isInstanceOfSatisfying(
                            StartupException.class, e -> assertThat(e.code()).isEqualTo("policy_state_damaged"))
                    .hasMessageContaining("; restore it, or remove");
        }
    }
}
