package dev.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
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

    @Test
    void aClosedOneCountsUntilItsEventLoopHasToldItsHandlers() throws Exception {
        EventLoop late = new DefaultEventLoop();
        LocalChannel connection = new LocalChannel();
        late.register(connection).sync();
        listener.writeInbound(connection, new EmbeddedChannel());
        assertThat(accepts()).isFalse();
        CountDownLatch busy = new CountDownLatch(1);
        late.execute(() -> {
            connection.unsafe().closeForcibly();
            try {
                busy.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Awaitility.await().until(() -> !connection.isOpen());
        assertThat(accepts()).isFalse();
        busy.countDown();
        Awaitility.await().until(this::accepts);
        late.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
}
