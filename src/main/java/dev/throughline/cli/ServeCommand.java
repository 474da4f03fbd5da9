package dev.throughline.cli;

import dev.throughline.server.LibraryFiles;
import dev.throughline.server.OwnLog;
import dev.throughline.server.ProcessEnd;
import dev.throughline.server.StartupCheck;
import dev.throughline.server.ThroughlineApplication;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
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

    /**
     * Runs the server to its end and ends the process with 0, also after a signal: the JVM itself would answer SIGTERM with 143,
     * and an orderly end would look like a crash. What cannot be started ends with 2 and a line on standard error: the log is for
     * machines, and goes elsewhere. What fails because a signal came while it started is no failure.
     */
    static void run(Class<? extends QuarkusApplication> application, String... arguments) {
        ProcessEnd processEnd = Main.processEnd();
        OwnLog.toStandardOutput(InstantSource.system(), new SecureRandom());
        try {
            StartupCheck.openFiles();
            LibraryFiles.holdOpen();
            Quarkus.run(application, (exitCode, failure) -> end(processEnd, exitCode, failure), arguments);
        } catch (IOException | RuntimeException | ExceptionInInitializerError e) {
            end(processEnd, ProcessEnd.NOT_STARTED, e);
        }
        processEnd.ended();
    }

    private static void end(ProcessEnd processEnd, int exitCode, @Nullable Throwable failure) {
        int code = failure == null ? Math.max(0, exitCode) : ProcessEnd.STOPPED;
        if (failure != null && !processEnd.isTold()) {
            System.err.println(FailureLine.of(failure));
            System.err.flush();
            code = ProcessEnd.NOT_STARTED;
        }
        Runtime.getRuntime().halt(code);
    }

    @Override
    public Integer call() {
        options.toProperties().forEach(System::setProperty);
        run(ThroughlineApplication.class);
        return 0;
    }
}
