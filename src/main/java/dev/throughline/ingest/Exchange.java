package dev.throughline.ingest;

import dev.throughline.access.HttpGuard;
import dev.throughline.ingest.BodyBudget.Pool;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: head, body, work, answer. Everything runs on the request's event loop but the work itself, which a worker
 * does, and the wish to answer, which may come from any thread.
 *
 * <p>The door has seen the token. The order of the checks is the order of their cost: declared size, then bytes, each within the {@link BodyBudget}. A
 * body without room stays in its socket. The permit is closed on every way out: by {@link #refuse} and {@link #abandon} (refusal,
 * time-out, reset, close, a broken body) until the body is whole, and from then on by the worker or the spool's answer, whatever
 * becomes of the connection.
 */
final class Exchange implements ReceivedRequest {
    /** How much of an unwanted body is read and dropped, so that the sender sees the answer instead of a reset. */
    private static final long DROPPED_BYTES_MAX = 16L << 20;
    /** Where much is dropped of all bodies, one waits so long for its turn, and then so many pieces are read, of some kilobytes each. */
    private static final long DROPPING_PAUSE_MS = 250;

    private static final int DROPPED_PIECES = 8;
    /** The same of a body that is too large: its sender is to learn it, and not to send it again. */
    private static final long DROPPED_BYTES_MAX_TOO_LARGE = 64L << 20;
    /** For how long it is. */
    private static final long DROPPING_MS_MAX = 10_000;
    /** The same, for a sender that was too slow already. */
    private static final long DROPPING_MS_MAX_SLOW = 1_000;

    private static final long CUT_AFTER_MS = 2;
    private static final int GRPC_PREFIX_BYTES = 5;

    private enum Stage {
        /** The body is read, or waits for room. */
        READING,
        /** The body is whole and a worker's. */
        WORKING,
        ANSWERED
    }

    private final IngestService service;
    private final HttpServerRequest request;
    private final Protocol protocol;
    private final Context context;
    private final SenderConnection sender;
    private final long startedNanos;
    private final RequestBody body;
    private final Timers timers = new Timers();
    private Stage stage = Stage.READING;
    private int expected = -1;
    private BodyBudget.@Nullable Permit permit;
    /** What came before there was room for it; the request is paused while it is there. */
    private @Nullable Buffer held;
    /** What is dropped waits for its turn, a few pieces each time. */
    private boolean isPaced;

    Exchange(IngestService service, HttpServerRequest request, Protocol protocol, Context context) {
        this.service = service;
        this.request = request;
        this.protocol = protocol;
        this.context = context;
        this.sender = service.sender(request.connection());
        this.startedNanos = System.nanoTime();
        this.body = new RequestBody(service.bodies());
    }

    @Override
    public Protocol protocol() {
        return protocol;
    }

    @Override
    public byte[] body() {
        return body.bytes();
    }

    @Override
    public int length() {
        return body.length();
    }

    @Override
    public String header(String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value;
    }

    long elapsedNanos() {
        return System.nanoTime() - startedNanos;
    }

    /** On the event loop, before any of the body was read. */
    void start() {
        if (service.isDraining()) {
            refuse(service.draining());
            return;
        }
        long declared = declaredLength();
        if (declared > bytesMax()) {
            refuse(tooLarge());
            return;
        }
        expected = (int) declared;
        request.exceptionHandler(_ -> abandon());
        request.response().exceptionHandler(_ -> abandon());
        request.response().closeHandler(_ -> abandon());
        request.handler(this::append);
        request.endHandler(_ -> work());
        timers.body =
                after(service.config().readTimeoutMs(), () -> refuse(new Outcome.TimedOut(), DROPPING_MS_MAX_SLOW));
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
    }

    private int bytesMax() {
        return service.config().compressedBytesMax();
    }

    private long declaredLength() {
        String declared = request.getHeader("Content-Length");
        try {
            return declared == null ? -1 : Long.parseLong(declared);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void append(Buffer chunk) {
        if (stage != Stage.READING) {
            return;
        }
        if (body.length() + (long) chunk.length() > bytesMax() || isDeclaredTooLarge(chunk)) {
            refuse(tooLarge());
            return;
        }
        if (permit == null) {
            permit = service.budget().open(sender, this::cutFromAnyThread);
        }
        permit.arrived(chunk.length());
        if (body.hasRoomFor(chunk)) {
            body.add(chunk);
        } else {
            makeRoomFor(chunk, permit);
        }
    }

    /** A gRPC message says its length in its first bytes, and mostly no header does. */
    private boolean isDeclaredTooLarge(Buffer chunk) {
        if (expected < 0
                && protocol.form() == Protocol.Form.GRPC
                && body.length() == 0
                && chunk.length() >= GRPC_PREFIX_BYTES) {
            long whole = GRPC_PREFIX_BYTES + chunk.getUnsignedInt(1);
            expected = (int) Math.min(whole, Integer.MAX_VALUE);
        }
        return expected > bytesMax();
    }

    private void makeRoomFor(Buffer chunk, BodyBudget.Permit of) {
        BodyBounds bounds = service.budget().bounds();
        int size = RequestBody.nextSize(body.length() + chunk.length(), expected, bounds, bytesMax());
        Pool pool = bounds.poolOf(size);
        Runnable then = () -> context.runOnContext(_ -> roomCame(size));
        switch (of.want(pool, (long) size * protocol.bytesInMemory(), then)) {
            case HELD -> grow(size, chunk);
            case REFUSED -> refuse(service.busy());
            case WAITING -> {
                held = chunk;
                request.pause();
                timers.room = after(service.config().inFlightWaitMs(), () -> refuse(service.busy()));
            }
        }
    }

    private void roomCame(int size) {
        Buffer chunk = held;
        if (stage != Stage.READING || chunk == null) {
            return; // Answered meanwhile, and its permit closed by that.
        }
        timers.room = cancel(timers.room);
        held = null;
        grow(size, chunk);
        resume();
    }

    private void grow(int size, Buffer chunk) {
        try {
            body.growTo(size);
            body.add(chunk);
            HttpGuard.expect(request, size - body.length());
        } catch (OutOfMemoryError e) { // A large body among others: its sender comes back.
            refuse(service.busy());
        }
    }

    private void work() {
        if (stage != Stage.READING) {
            return;
        }
        timers.body = cancel(timers.body);
        stage = Stage.WORKING;
        if (permit != null) {
            permit.whole();
        }
        if (!service.submit(this)) {
            release();
            answer(service.busy());
        }
    }

    private Outcome tooLarge() {
        return new Outcome.TooLarge("body_too_large", "A request may have " + bytesMax() + " bytes as sent.");
    }

    /** The body is not needed any more. By the worker that has it, else on the event loop. */
    void releaseBody() {
        body.release();
    }

    /** What the request came to is held until the spool has answered, and may be more than was taken for its body. */
    void hold(long bytes) {
        if (permit != null) {
            permit.holdAtLeast(bytes);
        }
    }

    /** Whether it brought audit records: if so, its connection may use the reserve for them from now on. */
    void broughtAudit(boolean audit) {
        sender.bringsAudit(audit);
    }

    /** Nothing of the request is in memory any more: the next one may come in. The first call counts. */
    void release() {
        releaseBody();
        BodyBudget.Permit given = permit;
        if (given != null) {
            given.close();
        }
    }

    /** Answers once, from any thread, what a worker or the spool says. */
    void answer(Outcome outcome) {
        context.runOnContext(_ -> {
            if (stage != Stage.ANSWERED) {
                stage = Stage.ANSWERED;
                service.answered(this, outcome);
                if (!request.response().closed()) {
                    protocol.answers().write(request.response(), outcome);
                }
            }
        });
    }

    /** What came meanwhile is read first: this event loop may be later than the sender. */
    private void cutFromAnyThread() {
        context.runOnContext(_ -> after(CUT_AFTER_MS, this::cut));
    }

    private void cut() {
        BodyBudget.Permit slow = permit;
        if (stage == Stage.READING && slow != null && slow.isSlowStill()) {
            refuse(service.slow(), DROPPING_MS_MAX_SLOW);
        }
    }

    /** Answers before the body was whole: what is still to come is dropped, up to a bound. */
    private void refuse(Outcome outcome) {
        refuse(outcome, DROPPING_MS_MAX);
    }

    private void refuse(Outcome outcome, long droppingMillis) {
        if (stage != Stage.READING) {
            return;
        }
        stop();
        service.answered(this, outcome);
        if (request.response().closed()) {
            return;
        }
        drop(outcome, droppingMillis);
        protocol.answers().write(request.response(), outcome);
        resume();
    }

    private void drop(Outcome outcome, long millis) {
        long bytesMax = outcome instanceof Outcome.TooLarge ? DROPPED_BYTES_MAX_TOO_LARGE : DROPPED_BYTES_MAX;
        long[] dropped = {0};
        request.exceptionHandler(_ -> stopDropping());
        request.response().closeHandler(_ -> stopDropping());
        try {
            request.handler(chunk -> {
                dropped[0] += chunk.length();
                if (dropped[0] > bytesMax) {
                    hangUp();
                } else {
                    pace(service.dropRate().dropped(chunk.length()));
                }
            });
            request.endHandler(_ -> stopDropping());
            timers.body = after(millis, this::hangUp);
        } catch (IllegalStateException e) {
            // All of it was read already: there is nothing to drop.
        }
    }

    private void pace(boolean mayGoOn) {
        if (timers.room != Timers.NONE) {
            return;
        }
        if (!mayGoOn) {
            isPaced = true;
            request.pause();
            timers.room = after(DROPPING_PAUSE_MS, this::dropOn);
        } else if (isPaced) {
            isPaced = false;
            request.resume();
        }
    }

    private void dropOn() {
        timers.room = Timers.NONE;
        try {
            request.fetch(DROPPED_PIECES);
        } catch (IllegalStateException e) {
            // All of it was read, or the stream was reset.
        }
    }

    private void stopDropping() {
        timers.body = cancel(timers.body);
        timers.room = cancel(timers.room);
    }

    /** A stream of many ends alone. */
    private void hangUp() {
        stopDropping();
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset();
        } else {
            request.connection().close();
        }
    }

    /** The connection or stream broke before the body was whole: there is nobody to answer. */
    private void abandon() {
        if (stage == Stage.READING) {
            stop();
        }
    }

    private void stop() {
        stage = Stage.ANSWERED;
        timers.body = cancel(timers.body);
        timers.room = cancel(timers.room);
        held = null;
        release();
    }

    private void resume() {
        try {
            request.resume();
        } catch (IllegalStateException e) {
            // A stream that was reset: its handlers have been told.
        }
    }

    /** Ids of what runs; {@link #NONE} where nothing does. */
    private static final class Timers {
        static final long NONE = -1;
        /** Until the body is whole, or dropped. */
        long body = NONE;
        /** Until there is room. */
        long room = NONE;
    }

    private long after(long millis, Runnable then) {
        return context.owner().setTimer(millis, _ -> then.run());
    }

    private long cancel(long timer) {
        if (timer != Timers.NONE) {
            context.owner().cancelTimer(timer);
        }
        return Timers.NONE;
    }

    @Override
    public String toString() {
        return "Exchange[" + protocol + ", " + body.length() + " bytes]";
    }
}
