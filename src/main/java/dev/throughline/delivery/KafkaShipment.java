package dev.throughline.delivery;

import dev.throughline.telemetry.RecordBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the batch that a lane is shipping: for each record whether it is open, on its way, acknowledged or refused
 * for ever. Kept over retries, so that only what is open is sent again. Written by the lane's thread between rounds, by the
 * producer's during one; a round ends when nothing is on its way.
 */
final class KafkaShipment {
    private static final byte OPEN = 0;
    private static final byte SENT = 1;
    private static final byte ACKNOWLEDGED = 2;
    private static final byte REFUSED = 3;

    private final AtomicInteger onTheirWay = new AtomicInteger();
    private byte[] states = new byte[0];
    private Ticket[] tickets = new Ticket[0];
    private @Nullable String[] refusals = new String[0];
    private @Nullable RecordBatch batch;
    private int count;
    private volatile @Nullable String failure;
    private volatile @Nullable KafkaSession session;
    private @Nullable Thread lane;

    /** One of no batch, whose round has failed. */
    static KafkaShipment failed(String code) {
        KafkaShipment shipment = new KafkaShipment();
        shipment.failure = code;
        return shipment;
    }

    boolean isOf(RecordBatch other) {
        return batch == other && count == other.count();
    }

    void begin(RecordBatch fresh) {
        batch = fresh;
        count = fresh.count();
        if (states.length < count) {
            int from = tickets.length;
            states = new byte[count];
            refusals = new String[count];
            tickets = Arrays.copyOf(tickets, count);
            for (int i = from; i < count; i++) {
                tickets[i] = new Ticket(i);
            }
        }
        Arrays.fill(states, 0, count, OPEN);
    }

    /** Forgets the batch. */
    void end() {
        batch = null;
        Arrays.fill(refusals, null);
    }

    /** Starts a round: the calling thread sends what is open and then waits. */
    void beginRound(KafkaSession over) {
        session = over;
        lane = Thread.currentThread();
        failure = null;
        onTheirWay.set(1);
    }

    boolean isOpen(int index) {
        return states[index] == OPEN;
    }

    /** The record is about to be sent: what the producer is to call. */
    Callback ticket(int index) {
        states[index] = SENT;
        onTheirWay.incrementAndGet();
        return tickets[index];
    }

    /** The record will not be sent, now or ever. */
    void refuse(int index, String code) {
        refusals[index] = code;
        states[index] = REFUSED;
    }

    /** Sending threw. */
    void threw(int index, Exception thrown) {
        if (states[index] == SENT) {
            tickets[index].onCompletion(null, thrown);
        }
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** Why the round failed; {@code null} where all that was sent was acknowledged or refused. */
    @Nullable
    String failure() {
        return failure;
    }

    /** The lane has sent what it will in this round. */
    void endSending() {
        onTheirWay.decrementAndGet();
    }

    /** Waits until nothing is on its way; whether that came about in time and without an interrupt. */
    boolean await(long timeoutNanos) {
        long deadline = System.nanoTime() + timeoutNanos;
        while (onTheirWay.get() > 0) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return onTheirWay.get() == 0;
            }
            LockSupport.parkNanos(this, left);
        }
        return true;
    }

    List<PermanentFailure> refused() {
        List<PermanentFailure> refused = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String code = refusals[i];
            if (states[i] == REFUSED && code != null) {
                refused.add(new PermanentFailure(i, code));
            }
        }
        return refused;
    }

    /** The producer's answer for one record. */
    private final class Ticket implements Callback {
        private final int index;

        Ticket(int index) {
            this.index = index;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception thrown) {
            if (thrown == null) {
                states[index] = ACKNOWLEDGED;
            } else if (KafkaFailures.isPermanent(thrown)) {
                refuse(index, KafkaFailures.permanentCode(thrown));
            } else {
                fail(thrown);
            }
            if (onTheirWay.decrementAndGet() == 0) {
                LockSupport.unpark(lane);
            }
        }

        private void fail(Exception thrown) {
            KafkaSession over = session;
            boolean ended = over != null && over.isBroken();
            if (failure == null) {
                failure = ended ? KafkaFailures.SESSION_ENDED : KafkaFailures.code(thrown);
            }
            states[index] = OPEN;
            // A failure on the lane's own thread is one of sending: nothing was sent behind it.
            if (over != null && Thread.currentThread() != lane) {
                over.breakOff();
            }
        }
    }
}
