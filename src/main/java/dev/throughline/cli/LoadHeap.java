package dev.throughline.cli;

import dev.throughline.cli.packaged.PackagedProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The heap of the load generators, which keep all that they send. A native executable has the heap that it was built with, the one
 * of a sidecar: {@code bench} and {@code torture} run it once more with a larger one. On a JVM the launcher has seen to it.
 */
final class LoadHeap {
    private static final Set<String> COMMANDS = Set.of("bench", "torture");
    private static final String OPTION = "-Xmx1g";
    private static final long BYTES_MIN = 512L << 20;
    /** Keeps a process whose heap did not grow from starting others without end. */
    private static final String VARIABLE = "THROUGHLINE_LOAD_HEAP";

    private static final int NOT_RUN = 2;

    private LoadHeap() {}

    static boolean isTooSmallFor(String command) {
        return PackagedProgram.isNative()
                && System.getenv(VARIABLE) == null
                && isTooSmall(command, Runtime.getRuntime().maxMemory());
    }

    static boolean isTooSmall(String command, long heapBytesMax) {
        return COMMANDS.contains(command) && heapBytesMax < BYTES_MIN;
    }

    /** Runs the executable again and waits; its exit code. */
    static int runAgainWith(String... words) {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("throughline"), OPTION));
        command.addAll(List.of(words));
        ProcessBuilder again = new ProcessBuilder(command).inheritIO();
        again.environment().put(VARIABLE, OPTION);
        try {
            Process process = again.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end-load"));
            return process.waitFor();
        } catch (IOException e) {
            System.err.println("throughline: " + e.getMessage());
            return NOT_RUN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NOT_RUN;
        }
    }
}
