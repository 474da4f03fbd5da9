package dev.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.access.OpenConnections.Activity;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenConnectionsTest {
    private static final int MAX = 20;
    private static final long SECOND = 1_000_000_000L;

    private final Set<Object> busy = new HashSet<>();
    private final Set<Object> receiving = new HashSet<>();
    private final List<EmbeddedChannel> all = new ArrayList<>();
    private long nanos = 1;
    private int ended;
    private final OpenConnections connections = new OpenConnections(
            MAX,
            channel -> receiving.contains(channel)
                    ? Activity.RECEIVES
                    : busy.contains(channel) ? Activity.WAITS : Activity.IDLE,
            () -> ended++,
            () -> nanos);

    private EmbeddedChannel open() {
        EmbeddedChannel channel = new EmbeddedChannel();
        all.add(channel);
        nanos++;
        if (!connections.opened(channel)) {
            channel.close();
        }
        return channel;
    }

    private EmbeddedChannel authenticated() {
        EmbeddedChannel channel = open();
        connections.used(channel, true);
        return channel;
    }

    private long openNow() {
        return all.stream().filter(EmbeddedChannel::isOpen).count();
    }

    @Test
    void theLongestUnusedMakesRoom() {
        EmbeddedChannel first = authenticated();
        EmbeddedChannel second = authenticated();
        for (int i = 2; i < MAX; i++) {
            authenticated();
        }
        connections.used(first, true);
        assertThat(open().isOpen()).isTrue();
        assertThat(second.isOpen()).isFalse();
        assertThat(first.isOpen()).isTrue();
        assertThat(openNow()).isEqualTo(MAX);
        assertThat(ended).isEqualTo(1);
    }

    @Test
    void strangersPushOutOneAnotherAndNotThoseWithTheToken() {
        List<EmbeddedChannel> senders = new ArrayList<>();
        for (int i = 0; i < MAX * 3 / 4 - 1; i++) {
            senders.add(authenticated());
        }
        for (int i = 0; i < 10 * MAX; i++) {
            EmbeddedChannel stranger = open();
            busy.add(stranger);
            assertThat(stranger.isOpen()).isTrue();
        }
        assertThat(senders).allMatch(EmbeddedChannel::isOpen);
        assertThat(openNow()).isEqualTo(MAX);
    }

    @Test
    void aFewStrangersAreWhoIsAboutToShowTheToken() {
        EmbeddedChannel idle = authenticated();
        for (int i = 1; i < MAX - 2; i++) {
            authenticated();
        }
        EmbeddedChannel coming = open();
        EmbeddedChannel next = open();
        assertThat(open().isOpen()).isTrue();
        assertThat(coming.isOpen()).isTrue();
        assertThat(next.isOpen()).isTrue();
        assertThat(idle.isOpen()).isFalse();
    }

    @Test
    void whereAllAreBusyARequestThatTakesLongMakesRoomAndOthersDoNot() {
        for (int i = 0; i < MAX; i++) {
            busy.add(authenticated());
        }
        assertThat(open().isOpen()).isFalse();
        assertThat(openNow()).isEqualTo(MAX);
        nanos += 3 * SECOND;
        connections.used(all.get(0), true);
        assertThat(open().isOpen()).isTrue();
        assertThat(all.get(1).isOpen()).isFalse();
        assertThat(all.get(0).isOpen()).isTrue();
    }

    @Test
    void aRequestThatIsStillComingMakesRoomBeforeOneThatWaits() {
        busy.add(authenticated());
        for (int i = 1; i < MAX; i++) {
            EmbeddedChannel sender = authenticated();
            (i == 5 || i == 7 ? receiving : busy).add(sender);
        }
        assertThat(open().isOpen()).isFalse();
        nanos += SECOND / 2;
        assertThat(open().isOpen()).isTrue();
        assertThat(all.get(5).isOpen()).isFalse();
        assertThat(all.get(0).isOpen()).isTrue();
    }

    @Test
    void aStalledBodyMakesRoomBeforeASenderBetweenTwoRequests() {
        EmbeddedChannel sender = authenticated();
        EmbeddedChannel stalled = authenticated();
        receiving.add(stalled);
        for (int i = 2; i < MAX; i++) {
            busy.add(authenticated());
        }
        nanos += SECOND;
        assertThat(open().isOpen()).isTrue();
        assertThat(stalled.isOpen()).isFalse();
        assertThat(sender.isOpen()).isTrue();
        nanos += 20 * SECOND;
        receiving.add(all.get(5));
        assertThat(open().isOpen()).isTrue();
        assertThat(sender.isOpen()).as("idle for long").isFalse();
    }

    @Test
    void whoClosesIsForgotten() {
        for (int i = 0; i < 5 * MAX; i++) {
            open().close();
        }
        for (int i = 0; i < MAX; i++) {
            authenticated();
        }
        assertThat(ended).isZero();
    }

    @Test
    void connectionsAreFewerWhereFilesAre() {
        assertThat(OpenConnections.within(500, 1_000_000)).isEqualTo(500);
        assertThat(OpenConnections.within(500, 600)).isEqualTo(62);
        assertThat(OpenConnections.within(500, 100)).isEqualTo(10);
    }
}
