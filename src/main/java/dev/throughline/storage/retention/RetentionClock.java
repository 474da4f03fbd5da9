package dev.throughline.storage.retention;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;

/** What retention knows of time. */
public interface RetentionClock {
    /**
     * One look.
     *
     * @param wallMillis since 1970-01-01
     * @param steadyMillis of a clock that nobody sets; comparable with others of the same boot only
     * @param boot what the steady clock began with
     */
    record Tick(long wallMillis, long steadyMillis, String boot) {}

    Tick tick();

    /**
     * The system's: on Linux the time since boot, sleep included ({@code proc_uptime(5)}, {@code random(4)}); elsewhere that of this
     * process.
     */
    static RetentionClock system(InstantSource wall) {
        Path uptime = Path.of("/proc/uptime");
        Path bootId = Path.of("/proc/sys/kernel/random/boot_id");
        String process = "process-" + UUID.randomUUID();
        return () -> {
            try {
                String seconds = Files.readString(uptime).split(" ", 2)[0];
                String boot = Files.readString(bootId).strip();
                return new Tick(wall.millis(), (long) (Double.parseDouble(seconds) * 1_000), boot);
            } catch (IOException | NumberFormatException e) {
                return new Tick(wall.millis(), System.nanoTime() / 1_000_000, process);
            }
        };
    }
}
