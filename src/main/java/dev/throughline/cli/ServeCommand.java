package dev.throughline.cli;

import dev.throughline.server.OwnLog;
import dev.throughline.server.ThroughlineApplication;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code throughline serve}: collector and desk, until SIGTERM. */
@RegisterForReflection
@Command(
        name = "serve",
        description = "Starts collector and desk in this process; prints the addresses when ready.",
        mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    @Mixin
    ServerOptions options = new ServerOptions();

    /** Longer than any drain; a program that does not stop by then is ended as it is. */
    private static final long STOP_SECONDS_MAX = 120;

    private static final int NOT_STARTED = 2;

    /**
     * Runs the server to its end and ends the process with 0, also after a signal: the JVM itself would answer SIGTERM with 143,
     * and an orderly end would look like a crash. A shutdown hook holds the JVM until the application is stopped. What cannot be
     * started ends with 2 and a line on standard error: the log is for machines, and goes elsewhere.
     */
    static void run(Class<? extends QuarkusApplication> application, String... arguments) {
        OwnLog.toStandardOutput(InstantSource.system(), new SecureRandom());
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(ended), "await-stop"));
        try {
            Quarkus.run(application, ServeCommand::end, arguments);
        } catch (RuntimeException | ExceptionInInitializerError e) {
            end(NOT_STARTED, e);
        }
        ended.countDown();
    }

    private static void end(int exitCode, @Nullable Throwable failure) {
        if (failure != null) {
            System.err.println(FailureLine.of(failure));
            System.err.flush();
        }
        Runtime.getRuntime().halt(failure == null ? Math.max(0, exitCode) : NOT_STARTED);
    }

    private static void await(CountDownLatch ended) {
        try {
            ended.await(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Integer call() {
        options.toProperties().forEach(System::setProperty);
        run(ThroughlineApplication.class);
        return 0;
    }
}
