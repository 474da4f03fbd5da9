package dev.throughline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How many descriptors (files, sockets, directories) the process may have open at one time: {@code RLIMIT_NOFILE}, as {@code ulimit
 * -n} shows it. A JVM raises its soft limit to the hard one when it starts; what is read here is what holds since then.
 */
public final class OpenFileLimit {
    /** What is taken where the system does not say: the usual soft limit of a Linux process. */
    static final long UNKNOWN = 1_024;

    private static final String ROW = "Max open files";
    private static final Path LIMITS = Path.of("/proc/self/limits");

    private static final Path OPEN = Path.of("/proc/self/fd");

    private OpenFileLimit() {}

    /** The soft limit of this process; {@link Long#MAX_VALUE} where there is none, 1,024 where the system does not say. */
    public static long ofThisProcess() {
        try {
            return parse(Files.readAllLines(LIMITS));
        } catch (IOException | UncheckedIOException _) {
            return UNKNOWN;
        }
    }

    /** How many are open now; 0 where the system does not say. */
    public static long inUse() {
        try (var open = Files.list(OPEN)) {
            // The listing itself has one.
            return Math.max(0, open.count() - 1);
        } catch (IOException | UncheckedIOException _) {
            return 0;
        }
    }

    /** {@code Max open files   1024   524288   files} (proc_pid_limits(5)): the first number is the soft limit. */
    static long parse(List<String> limits) {
        for (String row : limits) {
            if (row.startsWith(ROW)) {
                String soft = row.substring(ROW.length()).strip().split("\\s+", 2)[0];
                try {
                    return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
                } catch (NumberFormatException _) {
                    return UNKNOWN;
                }
            }
        }
        return UNKNOWN;
    }
}
