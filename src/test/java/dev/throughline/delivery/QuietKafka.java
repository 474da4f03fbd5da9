package dev.throughline.delivery;

import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;

/** Without a configured log manager, Kafka's classes format a trace line for every record. */
final class QuietKafka {
    // Held, or the levels would be forgotten with the loggers.
    private static final Logger KAFKA = LogContext.getLogContext().getLogger("org.apache.kafka");
    private static final Logger SERVER = LogContext.getLogContext().getLogger("kafka");
    private static final Logger STATE = LogContext.getLogContext().getLogger("state");
    private static final Logger ROOT = LogContext.getLogContext().getLogger("");

    private QuietKafka() {}

    static void apply() {
        ROOT.setLevel(Level.INFO);
        KAFKA.setLevel(Level.ERROR);
        SERVER.setLevel(Level.WARN);
        STATE.setLevel(Level.WARN);
    }
}
