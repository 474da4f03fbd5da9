package dev.throughline.ingest;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What one request holds of memory beside its body as sent: the decompressed body, the parsed form of OTLP/JSON, and the records that
 * it comes to, from the decoding to the spool's answer. Whoever needs memory asks here first.
 *
 * <p>Up to an ordinary amount a request asks nobody. Beyond it there is one place for all workers: the next such request waits until
 * the one that has it is durable or refused, which waits for no other request, and no longer than a bound. So all workers together hold the ordinary amount for
 * each of them and once the most that a request may have.
 *
 * <p>Belongs to the request: not thread-safe, but handed from its worker to whoever ends it.
 */
class RequestMemory {
    private final Semaphore largePlace;
    private final long ordinaryBytesMax;
    private final long bytesMax;
    private final long waitMs;
    private long held;
    private boolean large;

    /**
     * Memory of one request after the other.
     *
     * @param largePlace one permit, shared by all
     * @param ordinaryBytesMax what a request may have without the place
     * @param bytesMax what it may have with it
     * @param waitMs how long it waits for the place
     */
    RequestMemory(Semaphore largePlace, long ordinaryBytesMax, long bytesMax, long waitMs) {
        this.largePlace = largePlace;
        this.ordinaryBytesMax = ordinaryBytesMax;
        this.bytesMax = bytesMax;
        this.waitMs = waitMs;
    }

    /** Of a worker that is alone, without a bound. */
    static RequestMemory unbounded() {
        return new RequestMemory(new Semaphore(1), Long.MAX_VALUE, Long.MAX_VALUE, 0);
    }

    /**
     * Before the memory is taken. May wait for the place of large requests.
     *
     * @throws RequestOverBound where it would be more than one request may have
     * @throws RequestMustWait where the place did not come free in time
     */
    void take(long bytes) {
        if (held + bytes > bytesMax) {
            throw new RequestOverBound();
        }
        if (!large && held + bytes > ordinaryBytesMax) {
            awaitPlace();
            large = true;
        }
        held += bytes;
    }

    private void awaitPlace() {
        try {
            if (!largePlace.tryAcquire(waitMs, TimeUnit.MILLISECONDS)) {
                throw new RequestMustWait();
            }
        } catch (InterruptedException e) { // The program ends.
            Thread.currentThread().interrupt();
            throw new RequestMustWait();
        }
    }

    void give(long bytes) {
        held -= bytes;
    }

    long held() {
        return held;
    }

    /** Nothing is held any more. May be called again. */
    void end() {
        held = 0;
        if (large) {
            large = false;
            largePlace.release();
        }
    }

    @Override
    public String toString() {
        return "RequestMemory[" + held + " bytes" + (large ? ", large]" : "]");
    }
}
