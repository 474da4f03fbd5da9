package dev.throughline.cli;

import dev.throughline.cli.load.Answer;
import dev.throughline.cli.load.Connection;
import dev.throughline.cli.load.ServerStatus;
import dev.throughline.cli.load.StatusLine;
import dev.throughline.cli.load.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes the program's counters over and over: every second over the same line of a terminal, or every ten seconds as a line of
 * its own where nobody watches. A thread of its own between {@link #start} and {@link #close}.
 */
public final class LiveStatusLine implements AutoCloseable {
    private static final Duration ON_TERMINAL = Duration.ofSeconds(1);
    private static final Duration IN_FILE = Duration.ofSeconds(10);
    private static final Duration BETWEEN_REQUESTS = Duration.ofMillis(20);
    private static final int LOOKS_MAX = 10;

    private final Target target;
    private final PrintWriter out;
    private final boolean terminal;
    private @Nullable Thread thread;
    private volatile boolean stopping;

    /**
     * @param terminal whether {@code out} understands a carriage return
     */
    public LiveStatusLine(Target target, PrintWriter out, boolean terminal) {
        this.target = target;
        this.out = out;
        this.terminal = terminal;
    }

    public void start() {
        thread = Thread.ofPlatform().name("status-line").daemon().start(this::run);
    }

    private void run() {
        try (Connection connection = new Connection()) {
            while (!stopping) {
                show(connection);
                LockSupport.parkNanos((terminal ? ON_TERMINAL : IN_FILE).toNanos());
            }
        }
    }

    void show(Connection connection) {
        try {
            Answer answer = connection.get(target, ServerStatus.PATH);
            for (int i = 0; i < LOOKS_MAX && answer.taken() && !isSettled(answer); i++) {
                LockSupport.parkNanos(BETWEEN_REQUESTS.toNanos());
                answer = connection.get(target, ServerStatus.PATH);
            }
            write(
                    answer.taken()
                            ? StatusLine.format(ServerStatus.parse(answer.body()))
                            : "status: answer " + answer.status());
        } catch (IOException e) {
            write("status: no answer");
        }
    }

    /** A look in the middle of a request sees a record that is received and not yet anything else. */
    private static boolean isSettled(Answer answer) throws IOException {
        return ServerStatus.parse(answer.body()).isSettled();
    }

    private void write(String line) {
        if (terminal) {
            // CSI K: erase what a longer line left behind.
            out.print("\r" + line + "\u001b[K");
        } else {
            out.println(line);
        }
        out.flush();
    }

    /** Leaves the last line standing. */
    @Override
    public void close() {
        stopping = true;
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
            try {
                running.join(ON_TERMINAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (terminal) {
                out.println();
                out.flush();
            }
        }
    }
}
