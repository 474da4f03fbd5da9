package dev.throughline.ingest;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;

/**
 * One request on its way: head, turn, body, work, answer. Everything runs on the request's event loop but the work itself, which
 * a worker does, and the wish to answer, which may come from any thread.
 *
 * <p>The order of the checks is the order of their cost: token, declared size, turn in the {@link ByteBudget}, then bytes.
 */
final class Exchange {
    /** What is reserved for a body that does not declare its size. */
    private static final int UNDECLARED_RESERVE_BYTES = 1 << 20;
    /** How much of an unwanted body is read and dropped, so that the sender sees the answer instead of a reset. */
    private static final long DISCARD_BYTES_MAX = 4L << 20;

    private final IngestService service;
    private final HttpServerRequest request;
    private final Protocol protocol;
    private final Context context;
    private final long startedNanos;
    private byte[] body = BodyPool.NONE;
    private int length;
    private long reserved;
    private long timer = -1;
    private boolean answered;
    /** From here on the body is a worker's, whatever becomes of the connection. */
    private boolean submitted;

    Exchange(IngestService service, HttpServerRequest request, Protocol protocol, Context context) {
        this.service = service;
        this.request = request;
        this.protocol = protocol;
        this.context = context;
        this.startedNanos = System.nanoTime();
    }

    Protocol protocol() {
        return protocol;
    }

    byte[] body() {
        return body;
    }

    int length() {
        return length;
    }

    String header(String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value;
    }

    long elapsedNanos() {
        return System.nanoTime() - startedNanos;
    }

    /** On the event loop, before any of the body was read. */
    void start() {
        if (!service.token().isCarriedBy(request.getHeader("Authorization"))) {
            refuse(new Outcome.Unauthenticated());
            return;
        }
        if (service.isDraining()) {
            refuse(service.draining());
            return;
        }
        long declared = declaredLength();
        if (declared > service.config().compressedBytesMax()) {
            refuse(tooLarge());
            return;
        }
        request.pause();
        reserved = declared >= 0 ? declared * protocol.bytesInMemory() : UNDECLARED_RESERVE_BYTES;
        Runnable turn = () -> context.runOnContext(ignored -> read(declared));
        if (service.budget().take(reserved, turn)) {
            read(declared);
        } else {
            after(service.config().inFlightWaitMs(), () -> {
                if (service.budget().leave(turn)) {
                    reserved = 0;
                    refuse(service.busy());
                }
            });
        }
    }

    private long declaredLength() {
        String declared = request.getHeader("Content-Length");
        try {
            return declared == null ? -1 : Long.parseLong(declared);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void read(long declared) {
        cancelTimer();
        if (answered) {
            release();
            return;
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
        try {
            body = service.bodies().take(declared >= 0 ? (int) declared : 8192);
        } catch (OutOfMemoryError e) { // A large body among others: its sender comes back.
            refuse(service.busy());
            request.resume();
            return;
        }
        request.exceptionHandler(broken -> abandon());
        request.handler(this::append);
        request.endHandler(end -> work());
        after(service.config().readTimeoutMs(), () -> refuse(new Outcome.TimedOut()));
        request.resume();
    }

    private void append(Buffer chunk) {
        if (answered) {
            return;
        }
        int more = chunk.length();
        if (length + (long) more > service.config().compressedBytesMax()) {
            refuse(tooLarge());
            return;
        }
        if (body.length - length < more) {
            int capacity = (int) Math.min(Math.max(body.length * 2L, length + more), Integer.MAX_VALUE - 8);
            try {
                body = Arrays.copyOf(body, capacity);
            } catch (OutOfMemoryError e) {
                refuse(service.busy());
                return;
            }
            if (capacity > reserved) {
                service.budget().force(capacity - reserved);
                reserved = capacity;
            }
        }
        chunk.getBytes(body, length);
        length += more;
    }

    private void work() {
        cancelTimer();
        if (answered) {
            return;
        }
        submitted = true;
        if (!service.submit(this)) {
            release();
            answer(service.busy());
        }
    }

    private Outcome tooLarge() {
        return new Outcome.TooLarge(
                "body_too_large", "A request may have " + service.config().compressedBytesMax() + " bytes as sent.");
    }

    /** The body is not needed any more: its memory is used for the next one. By the worker that has it, else on the event loop. */
    void releaseBody() {
        byte[] used = body;
        body = BodyPool.NONE;
        service.bodies().give(used);
    }

    /** Nothing of the request is in memory any more: the next one may come in. */
    void release() {
        releaseBody();
        long given = reserved;
        reserved = 0;
        if (given > 0) {
            service.budget().give(given);
        }
    }

    /** Answers once, from any thread. */
    void answer(Outcome outcome) {
        context.runOnContext(ignored -> {
            if (!answered) {
                answered = true;
                service.answered(this, outcome);
                if (!request.response().closed()) {
                    protocol.answers().write(request.response(), outcome);
                }
            }
        });
    }

    /** Answers before the body was read: what of it is still to come is dropped, up to a bound. */
    private void refuse(Outcome outcome) {
        cancelTimer();
        if (answered) {
            return;
        }
        answered = true;
        release();
        service.answered(this, outcome);
        long[] dropped = {0};
        request.handler(chunk -> {
            dropped[0] += chunk.length();
            if (dropped[0] > DISCARD_BYTES_MAX) {
                request.connection().close();
            }
        });
        request.endHandler(end -> {});
        request.exceptionHandler(broken -> {});
        protocol.answers().write(request.response(), outcome);
        if (outcome instanceof Outcome.TimedOut) {
            request.connection().close();
        } else {
            request.resume();
        }
    }

    /** The connection broke before the body was whole: there is nobody to answer. */
    private void abandon() {
        cancelTimer();
        if (!answered) {
            answered = true;
            if (!submitted) {
                release();
            }
        }
    }

    private void after(long millis, Runnable then) {
        cancelTimer();
        timer = context.owner().setTimer(millis, id -> {
            timer = -1;
            then.run();
        });
    }

    private void cancelTimer() {
        if (timer >= 0) {
            context.owner().cancelTimer(timer);
            timer = -1;
        }
    }

    @Override
    public String toString() {
        return "Exchange[" + protocol + ", " + length + " bytes]";
    }
}
