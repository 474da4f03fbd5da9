package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.TimeUnit;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;

class ExhaustedDescriptorsTest {
    private long now = -1;
    private final ExhaustedDescriptors filter = new ExhaustedDescriptors(() -> now);

    private static ExtLogRecord record(Throwable thrown) {
        ExtLogRecord record = new ExtLogRecord(Level.WARN, "accept failed for %s", "somebody");
        record.setThrown(thrown);
        return record;
    }

    @Test
    void whatHasAnotherCausePassesAsItIs() {
        ExtLogRecord record = record(new IOException("Connection reset by peer"));
        assertThat(filter.isLoggable(record)).isTrue();
        assertThat(record.getMessage()).isEqualTo("accept failed for %s");
        assertThat(filter.isLoggable(record(new RuntimeException()))).isTrue();
    }

    @Test
    void theFirstIsNamedAndThoseOfTheNextMinuteAreCounted() {
        long before = ExhaustedDescriptors.times();
        ExtLogRecord first = record(new IllegalStateException(new IOException("Too many open files")));
        assertThat(filter.isLoggable(first)).isTrue();
        assertThat(first.getMessage()).startsWith("too_many_open_files: ").contains(" 1 times ");
        assertThat(first.getThrown()).isNull();
        for (int i = 0; i < 100; i++) {
            assertThat(filter.isLoggable(record(new FileSystemException("/a", null, "Too many open files"))))
                    .isFalse();
        }
        now += TimeUnit.MINUTES.toNanos(1);
        ExtLogRecord later = record(new IOException("accept: Too many open files in system"));
        assertThat(filter.isLoggable(later)).isTrue();
        assertThat(later.getMessage()).contains(" 101 times ");
        assertThat(ExhaustedDescriptors.times() - before).isEqualTo(102);
    }
}
