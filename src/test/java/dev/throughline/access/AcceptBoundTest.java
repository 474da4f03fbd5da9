package dev.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class AcceptBoundTest {
    private final EmbeddedChannel listener = new EmbeddedChannel(new AcceptBound(2));

    private boolean accepts() {
        return listener.config().isAutoRead();
    }

    @Test
    void nothingIsAcceptedWhileThereAreTooMany() {
        EmbeddedChannel first = new EmbeddedChannel();
        EmbeddedChannel second = new EmbeddedChannel();
        listener.writeInbound(first);
        assertThat(accepts()).isTrue();
        listener.writeInbound(second);
        assertThat(accepts()).isFalse();
        assertThat(first.isOpen()).isTrue();
        assertThat(second.isOpen()).isTrue();
        first.close();
        first.runPendingTasks();
        assertThat(accepts()).isTrue();
    }
}
