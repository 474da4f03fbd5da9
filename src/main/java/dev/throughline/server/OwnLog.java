package dev.throughline.server;

import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.handlers.ConsoleHandler;

/** The process's own log: lines of {@code integration-log/v1} on standard output, from the first that anybody writes. */
public final class OwnLog {
    /** What {@code environment} says, as system property or environment variable. */
    public static final String ENVIRONMENT_PROPERTY = "throughline.environment";

    private static final String ENVIRONMENT_VARIABLE = "THROUGHLINE_ENVIRONMENT";
    private static final String ENVIRONMENT_DEFAULT = "production";
    private static final int LENGTH_MAX = 100;

    private OwnLog() {}

    /** Call it once, before the server is started. */
    public static void toStandardOutput(InstantSource clock, RandomGenerator random) {
        OwnLogFormat format = new OwnLogFormat(environment(), process(), clock, random);
        ConsoleHandler handler = new Handler(format);
        Logger root = LogContext.getLogContext().getLogger("");
        // Until the configuration is read, which says it again.
        root.setLevel(Level.INFO);
        root.addHandler(handler);
    }

    private static String environment() {
        String variable = System.getenv().getOrDefault(ENVIRONMENT_VARIABLE, "");
        String named = System.getProperty(ENVIRONMENT_PROPERTY, variable.isBlank() ? ENVIRONMENT_DEFAULT : variable);
        return named.length() > LENGTH_MAX ? named.substring(0, LENGTH_MAX) : named;
    }

    private static String process() {
        String host = System.getenv().getOrDefault("HOSTNAME", "localhost").replaceAll("\\p{Cntrl}", "");
        return ProcessHandle.current().pid() + "@"
                + (host.length() > LENGTH_MAX ? host.substring(0, LENGTH_MAX) : host);
    }

    /** Quarkus sets the filter of every handler that it finds; what this one leaves out it leaves out by itself. */
    private static final class Handler extends ConsoleHandler {
        private final ExhaustedDescriptors exhausted = new ExhaustedDescriptors(System::nanoTime);

        Handler(OwnLogFormat format) {
            super(Target.SYSTEM_OUT, format);
        }

        @Override
        protected void doPublish(ExtLogRecord record) {
            if (exhausted.isLoggable(record)) {
                super.doPublish(record);
            }
        }
    }
}
