package dev.throughline.cli.packaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Pinning to cores by {@code taskset} (util-linux); without it, or with one core only, nothing is pinned. */
public final class Cores {
    private static final long TASKSET_SECONDS_MAX = 10;

    private final boolean usable;

    private Cores(boolean usable) {
        this.usable = usable;
    }

    public static Cores detect() {
        return new Cores(
                Runtime.getRuntime().availableProcessors() > 1 && succeeds(List.of("taskset", "-c", "0", "true")));
    }

    public static Cores unpinned() {
        return new Cores(false);
    }

    public boolean usable() {
        return usable;
    }

    /** The command line that runs {@code command} on one core only. */
    public List<String> pinned(int core, List<String> command) {
        if (!usable) {
            return command;
        }
        List<String> all = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        all.addAll(command);
        return all;
    }

    /** Pins all threads of this process, and with them those that they start. */
    public void pinSelf(int core) {
        if (usable) {
            succeeds(List.of(
                    "taskset",
                    "-a",
                    "-p",
                    "-c",
                    core(core),
                    Long.toString(ProcessHandle.current().pid())));
        }
    }

    /**
     * Pins the thread of this process that carries the name; the kernel keeps 15 characters of it.
     *
     * @return whether it is pinned now
     */
    public boolean pinThread(String name, int core) throws IOException {
        if (!usable) {
            return false;
        }
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).strip().equals(name)) {
                    return succeeds(List.of(
                            "taskset",
                            "-p",
                            "-c",
                            core(core),
                            task.getFileName().toString()));
                }
            }
        }
        return false;
    }

    private static String core(int core) {
        return Integer.toString(core);
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(TASKSET_SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
