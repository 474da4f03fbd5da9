package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.spool.Spool;
import dev.throughline.spool.SpoolConfig;
import dev.throughline.telemetry.Stream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalLogTest {
    private final List<String> lines = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getLevel() + " " + text(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private static String text(LogRecord line) {
        Object[] values = line.getParameters();
        return values == null ? line.getMessage() : line.getMessage() + java.util.Arrays.toString(values);
    }

    @Test
    void aLineTellsWhatIsRefusedAndWhyHoweverOftenItIsLookedAt(@TempDir Path folder) {
        SpoolConfig standard = SpoolConfig.defaults();
        SpoolConfig tight = new SpoolConfig(
                standard.segmentBytesMax(),
                standard.pendingBytesMax(),
                standard.groupBytesMax(),
                standard.commitLingerUs(),
                standard.cursorIntervalMs(),
                standard.totalBytesMax(),
                Map.of(Stream.OPERATIONAL_LOGS, 1L),
                standard.auditReserveBytes(),
                0,
                standard.diskFreeCheckMs(),
                standard.retryAfterMs());
        Logger logger = Logger.getLogger(RefusalLog.class.getName());
        logger.addHandler(handler);
        try (Spool spool = Spool.open(folder, tight, InstantSource.system())) {
            RefusalLog log = new RefusalLog(spool);
            log.look();
            log.look();
            assertThat(lines).hasSize(1);
            assertThat(lines.getFirst()).startsWith("WARN ").contains("appends are refused");
        } finally {
            logger.removeHandler(handler);
        }
    }
}
