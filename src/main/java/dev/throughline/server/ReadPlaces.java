package dev.throughline.server;

import dev.throughline.access.HttpGuard;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How many reads are under way at one time, each from its request until its answer is with the operating system: an answer is made whole in
 * memory, of up to some megabytes, and is taken when its reader likes. Further reads wait in order, and are told 503 where too many do, or
 * for too long. While others wait, an answer that was not taken for {@value #UNTAKEN_MS_MAX} ms ends with its connection or stream.
 * Thread-safe; everything about a request runs on its event loop.
 */
final class ReadPlaces {
    private static final int PLACES = 4;
    private static final int WAITING_MAX = 64;
    private static final long WAIT_MS_MAX = 5_000;
    static final long UNTAKEN_MS_MAX = 1_000;
    private static final long LOOK_MS = 250;

    private final Vertx vertx;
    private final HttpGuard guard;
    private final Handler<HttpServerRequest> served;
    private final Handler<HttpServerRequest> busy;
    private final ArrayDeque<Read> waiting = new ArrayDeque<>();
    private final Set<Read> held = new LinkedHashSet<>();

    /**
     * @param served reads
     * @param busy answers who finds no place
     */
    ReadPlaces(Vertx vertx, HttpGuard guard, Handler<HttpServerRequest> served, Handler<HttpServerRequest> busy) {
        this.vertx = vertx;
        this.guard = guard;
        this.served = served;
        this.busy = busy;
    }

    /** On the request's event loop, before anything was read of it. */
    void read(HttpServerRequest request) {
        Read read = new Read(request, vertx.getOrCreateContext());
        boolean now;
        synchronized (this) {
            now = held.size() < PLACES && waiting.isEmpty();
            if (now) {
                held.add(read);
            } else if (waiting.size() < WAITING_MAX) {
                waiting.add(read);
            } else {
                read.isRefused = true;
            }
        }
        guard.whenAnswered(request, () -> ended(read));
        if (now) {
            read.serve();
        } else if (read.isRefused) {
            busy.handle(request);
        } else {
            request.pause();
            read.timer = vertx.setTimer(WAIT_MS_MAX, _ -> read.giveUp());
        }
    }

    private void ended(Read read) {
        vertx.cancelTimer(read.timer);
        Read next = null;
        synchronized (this) {
            waiting.remove(read);
            if (held.remove(read)) {
                next = waiting.poll();
                if (next != null) {
                    held.add(next);
                }
            }
        }
        if (next != null) {
            next.context.runOnContext(next::goOn);
        }
    }

    /** Ends answers that nobody takes, as many as others wait for. To be called every {@value #LOOK_MS} ms. */
    private void look() {
        List<Read> oldest = new ArrayList<>();
        synchronized (this) {
            Iterator<Read> reads = held.iterator();
            for (int i = 0; i < waiting.size() && reads.hasNext(); i++) {
                oldest.add(reads.next());
            }
        }
        oldest.forEach(read -> read.context.runOnContext(_ -> read.endIfUntaken()));
    }

    /** Starts to look after them; the id of the timer. */
    long start() {
        return vertx.setPeriodic(LOOK_MS, _ -> look());
    }

    private final class Read {
        private final HttpServerRequest request;
        private final Context context;
        private boolean isRefused;
        private long timer = -1;
        private long answeredNanos;
        private boolean isAnswered;

        Read(HttpServerRequest request, Context context) {
            this.request = request;
            this.context = context;
        }

        private void serve() {
            served.handle(request);
        }

        private void goOn(Void nothing) {
            vertx.cancelTimer(timer);
            if (isRefused || request.response().closed()) {
                return;
            }
            serve();
            request.resume(); // Who reads it is there now.
        }

        private void giveUp() {
            boolean waits;
            synchronized (ReadPlaces.this) {
                waits = waiting.remove(this);
            }
            if (waits && !request.response().closed()) {
                isRefused = true;
                busy.handle(request);
                request.resume();
            }
        }

        /** The first look sees that the answer is made, and a later one that it is there still. */
        private void endIfUntaken() {
            if (!request.response().ended()) {
                return;
            }
            long now = System.nanoTime();
            if (!isAnswered) {
                isAnswered = true;
                answeredNanos = now;
            } else if (now - answeredNanos > TimeUnit.MILLISECONDS.toNanos(UNTAKEN_MS_MAX)) {
                if (request.version() == HttpVersion.HTTP_2) {
                    request.response().reset();
                } else {
                    request.connection().close();
                }
            }
        }
    }
}
