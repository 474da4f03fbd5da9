package dev.throughline.delivery;

import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;

/** Without a configured log manager, Kafka's classes format a trace line for every record. */
final class QuietKafka {
    // Held, or the levels would be forgotten with the loggers.
    private static final Logger ROOT = LogContext.getLogContext().getLogger("");
    private static final Logger KAFKA = LogContext.getLogContext().getLogger("org.apache.kafka");
    private static final Logger SERVER = LogContext.getLogContext().getLogger("kafka");

    private QuietKafka() {}

    static void apply() {
        ROOT.setLevel(Level.INFO);
        KAFKA.setLevel(Level.FATAL);
        SERVER.setLevel(Level.WARN);
    }
}
