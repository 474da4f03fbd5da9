package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throughline.storage.FrameFixture;
import dev.throughline.storage.FrameFixture.Event;
import dev.throughline.storage.SqliteRecordStore;
import dev.throughline.storage.StoreConfig;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes and lines of {@code store check} and {@code store repair}. */
class StoreCommandTest {
    private static final String ID = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";

    @TempDir
    Path data;

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeEach
    void fill() {
        try (SqliteRecordStore store = new SqliteRecordStore(
                data, StoreConfig.DEFAULT, InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z")))) {
            for (int batch = 0; batch < 3; batch++) {
                FrameFixture frames = new FrameFixture();
                for (int i = 0; i < 40; i++) {
                    frames.add(Event.log(batch * 40L + i + 1, ID, "2026-11-23T10:00:00Z"));
                }
                store.write(frames.batch(Stream.AUDIT));
            }
        }
    }

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private int check() {
        return run("store", "check", data.toString());
    }

    /** The frames of a block follow its facets. */
    private void damageABlock() throws IOException {
        Path file = data.resolve("store/audit/2026-11-23.db");
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("crm_to_erp.order_sync");
        assertThat(at).isPositive();
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(at);
            raw.write('X');
        }
    }

    @Test
    void aWholeStoreIsSaidToBeWhole() {
        assertThat(check()).isZero();
        assertThat(out.toString().strip()).isEqualTo("whole: 1 days, 120 records");
        assertThat(run("store", "repair", data.toString())).isZero();
        assertThat(out.toString().strip()).isEqualTo("nothing to repair");
    }

    @Test
    void damageIsALineARepairSavesTheRestAndCountsWhatIsLost() throws IOException {
        damageABlock();
        assertThat(check()).isEqualTo(1);
        assertThat(out.toString().strip().lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("audit/2026-11-23: damaged_block: ")
                .contains("2026-11-23.db, block ");
        assertThat(run("store", "check", "--json", data.toString())).isEqualTo(1);
        JsonNode report = json();
        assertThat(report.path("whole").asBoolean(true)).isFalse();
        assertThat(report.path("findings").path(0).path("code").asText()).isEqualTo("damaged_block");

        assertThat(run("store", "repair", "--json", data.toString())).isEqualTo(1);
        JsonNode day = json().path("repaired").path(0);
        assertThat(day.path("saved").asInt()).isEqualTo(80);
        assertThat(day.path("lost").asInt()).isEqualTo(40);
        assertThat(data.resolve("store/damaged/audit/2026-11-23.1.repaired/2026-11-23.db"))
                .exists();
        assertThat(check()).isZero();
        assertThat(out.toString()).contains("80 records");
        assertThat(run("store", "repair", data.toString())).isZero();
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out.toString());
    }

    @Test
    void whatCannotBeLookedAtEndsWithTwoAndALine() throws IOException {
        assertThat(run("store", "check", data.resolve("elsewhere").toString())).isEqualTo(2);
        assertThat(err.toString().strip().lines()).hasSize(1).first().asString().contains("store_not_found");
        Files.createDirectories(data.resolve("spool"));
        try (FileChannel running = FileChannel.open(
                        data.resolve("spool/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = running.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThat(check()).isEqualTo(2);
            assertThat(err.toString().strip().lines())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("store_in_use");
            assertThat(run("store", "repair", data.toString())).isEqualTo(2);
        }
        assertThat(check()).isZero();
    }
}
