package dev.throughline.cli.packaged;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a process has used up to a moment, all threads, compiler and collector included.
 *
 * @param cpu user and system time, in steps of a clock tick (10 ms)
 * @param residentPeakBytes the most memory it ever had resident
 */
public record ProcessUsage(Duration cpu, long residentPeakBytes) {
    private static final int USER_TIME_FIELD = 14;
    private static final int SYSTEM_TIME_FIELD = 15;
    /** The first field behind the command name, which may hold blanks and brackets. */
    private static final int FIRST_FIELD_BEHIND_NAME = 3;
    /** Asked for once; not in an initialiser, which in a native build would run on the builder's machine. 0: not yet. */
    private static volatile long knownTicksPerSecond;

    public static ProcessUsage of(long pid) throws IOException {
        Path directory = Path.of("/proc", Long.toString(pid));
        return new ProcessUsage(
                cpu(Files.readString(directory.resolve("stat")), ticksPerSecond()),
                residentPeakBytes(Files.readString(directory.resolve("status"))));
    }

    static Duration cpu(String stat, long ticksPerSecond) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[USER_TIME_FIELD - FIRST_FIELD_BEHIND_NAME])
                + Long.parseLong(fields[SYSTEM_TIME_FIELD - FIRST_FIELD_BEHIND_NAME]);
        return Duration.ofNanos(ticks * (1_000_000_000L / ticksPerSecond));
    }

    static long residentPeakBytes(String status) throws IOException {
        String line = status.lines()
                .filter(l -> l.startsWith("VmHWM:"))
                .findFirst()
                .orElseThrow(() -> new IOException("no VmHWM line: the process has ended"));
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
    }

    private static long ticksPerSecond() {
        long known = knownTicksPerSecond;
        if (known == 0) {
            known = askTicksPerSecond();
            knownTicksPerSecond = known;
        }
        return known;
    }

    private static long askTicksPerSecond() {
        try {
            Process getconf = new ProcessBuilder("getconf", "CLK_TCK").start();
            String answer = new String(getconf.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return getconf.waitFor(5, TimeUnit.SECONDS) && !answer.isEmpty() ? Long.parseLong(answer) : 100;
        } catch (IOException | NumberFormatException e) {
            return 100;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 100;
        }
    }
}
