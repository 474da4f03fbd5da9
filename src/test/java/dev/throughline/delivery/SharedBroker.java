package dev.throughline.delivery;

import java.util.concurrent.atomic.AtomicInteger;

/** One broker for all test classes that leave it alive; ends with the tests' process. Each test has topics of its own. */
final class SharedBroker {
    private static final KafkaBroker BROKER = KafkaBroker.start();
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close));
    }

    private SharedBroker() {}

    static KafkaBroker get() {
        return BROKER;
    }

    static String freshPrefix() {
        return "test" + PREFIXES.incrementAndGet();
    }
}
