package dev.throughline.access;

import dev.throughline.ProblemDetail;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands in each HTTP/1 connection between the decoder and Vert.x, on its event loop. What cannot be read, or can be read in two ways
 * (RFC 9112, sections 3.2, 6.1 and 6.3), is answered with a problem, and the connection ends with that answer: nothing behind it is
 * taken for a request. Bytes that still come are dropped for a moment, so that the sender sees the answer and not a reset. While the program
 * drains each answer says {@code Connection: close} and ends its connection.
 */
final class Http1Gate extends ChannelDuplexHandler {
    /** Each request that is sent ahead of its answer (RFC 9112, section 9.3.2) is kept in memory. */
    private static final int REQUESTS_AHEAD_MAX = 100;

    private static final int GATHERED_PIECE_BYTES_MAX = 512;
    private static final int GATHERED_BYTES_MAX = 16 << 10;

    private final Allowance allowance;
    private final Runnable ended;
    private final BooleanSupplier draining;
    /** Requests whose answers are not with the operating system to their end. */
    private int unanswered;
    /** Those of them whose answers are not written: what is written now comes behind the others'. */
    private int unwritten;
    /** The request that Vert.x has is one of them: the next waits, so that answers that nobody reads are not made. */
    private boolean served;
    /** What waits for that: requests with their bodies, as far as they were read. */
    private final ArrayDeque<Object> ahead = new ArrayDeque<>(0);

    private final ArrayDeque<Runnable> whenAnswered = new ArrayDeque<>(0);
    /** The answer that is due next has begun. */
    private boolean begun;
    /** What is answered once the requests before it are; no more is read then. */
    private @Nullable Refusal refused;

    /** Pieces of a body that came in one read. */
    private @Nullable ByteBuf gathered;

    /** It sends too many small chunks: nothing is read for a while. */
    private boolean paused;
    /** Somebody wanted to read meanwhile. */
    private boolean readIsDue;
    /** Of the request that came last, more is to come. Also read by other threads, as it was a moment ago. */
    private boolean receiving;

    private boolean lingering;
    /** The connection ends with the answer that is written: of a drain, or because it brought too many requests without a token. */
    private boolean ending;

    /** @param ended told where a connection is ended for what it sends */
    Http1Gate(Allowance allowance, Runnable ended, BooleanSupplier draining) {
        this.allowance = allowance;
        this.ended = ended;
        this.draining = draining;
    }

    /** On the event loop. */
    boolean isIdle() {
        return unanswered == 0;
    }

    boolean isReceiving() {
        return receiving;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (refused != null || lingering) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            Refusal refusal = Http1Head.refusal(request);
            if (refusal != null) {
                ReferenceCountUtil.release(message);
                refused = refusal;
                answerIfDue(context);
                return;
            }
            if (unanswered >= REQUESTS_AHEAD_MAX) {
                ReferenceCountUtil.release(message);
                ended.run();
                refused = Refusal.TOO_MANY_AHEAD;
                answerIfDue(context);
                return;
            }
            unanswered++;
            unwritten++;
            receiving = true;
            allowance.isIn();
        } else if (message instanceof HttpContent content) {
            if (content.decoderResult().isFailure()) {
                broken(context);
            }
            receiving &= !(content instanceof LastHttpContent);
        }
        if (ahead.isEmpty() && !(message instanceof HttpRequest && served)) {
            pass(context, message);
        } else if (refused == null) {
            ahead.add(message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void pass(ChannelHandlerContext context, Object message) {
        served |= message instanceof HttpRequest;
        if (message instanceof HttpContent content
                && !(content instanceof LastHttpContent)
                && content.decoderResult().isSuccess()) {
            piece(context, content);
        } else {
            passGathered(context);
            context.fireChannelRead(message);
        }
    }

    /** The answer is with the operating system, or lost with the connection: the next request has its turn. */
    private void answered(ChannelHandlerContext context) {
        unanswered = Math.max(0, unanswered - 1);
        served = false;
        runWhenAnswered();
        if (!context.channel().isActive()) {
            return;
        }
        boolean any = !ahead.isEmpty();
        while (!ahead.isEmpty() && !(served && ahead.peek() instanceof HttpRequest)) {
            pass(context, ahead.remove());
        }
        if (any) {
            passGathered(context);
            context.fireChannelReadComplete();
            readIfDue(context);
        }
    }

    /** Told once when the request that is served has its answer, or the connection has ended; on the event loop. */
    void whenAnswered(Runnable then) {
        whenAnswered.add(then);
    }

    private void runWhenAnswered() {
        while (!whenAnswered.isEmpty()) {
            whenAnswered.remove().run();
        }
    }

    /** Small pieces are passed on together: each costs Vert.x a microsecond, and hundreds of bytes while a request waits. */
    private void piece(ChannelHandlerContext context, HttpContent content) {
        int bytes = content.content().readableBytes();
        if (!allowance.isPieceIn(bytes) && !allowance.isAuthenticated()) {
            end(context, content);
        } else if (bytes >= GATHERED_PIECE_BYTES_MAX) {
            passGathered(context);
            context.fireChannelRead(content);
        } else {
            if (gathered == null) {
                gathered =
                        context.alloc().buffer(GATHERED_PIECE_BYTES_MAX, GATHERED_BYTES_MAX + GATHERED_PIECE_BYTES_MAX);
            }
            gathered.writeBytes(content.content());
            content.release();
            if (gathered.readableBytes() >= GATHERED_BYTES_MAX) {
                passGathered(context);
            }
        }
    }

    private void passGathered(ChannelHandlerContext context) {
        ByteBuf pieces = gathered;
        if (pieces != null) {
            gathered = null;
            context.fireChannelRead(new DefaultHttpContent(pieces));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        passGathered(context);
        long pause = allowance.isAuthenticated() && !paused ? allowance.pauseMillis() : 0;
        if (pause > 0) {
            paused = true;
            var _ = context.executor().schedule(() -> goOn(context), pause, TimeUnit.MILLISECONDS);
        }
        context.fireChannelReadComplete();
    }

    private void goOn(ChannelHandlerContext context) {
        paused = false;
        readIfDue(context);
    }

    private void readIfDue(ChannelHandlerContext context) {
        if (readIsDue && !paused && ahead.isEmpty()) {
            readIsDue = false;
            context.read();
        }
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (paused || !ahead.isEmpty()) {
            readIsDue = true;
        } else {
            context.read();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        ReferenceCountUtil.release(gathered);
        gathered = null;
        while (!ahead.isEmpty()) {
            ReferenceCountUtil.release(ahead.remove());
        }
        runWhenAnswered();
    }

    private void end(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        ended.run();
        if (unwritten == 0) {
            lingerWithAnswer(context);
        } else {
            refused = Refusal.MALFORMED; // What is decoded already is dropped.
            var _ = context.close();
        }
    }

    /** It has its answer, which is to be seen. */
    private void lingerWithAnswer(ChannelHandlerContext context) {
        lingering = true;
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> LingeringClose.endOutput(context));
    }

    /** The body of the last request cannot be read on. If it is served already, Vert.x is told so too, and closes. */
    private void broken(ChannelHandlerContext context) {
        if (!ahead.isEmpty()) {
            boolean dropped = false;
            while (!dropped) {
                Object last = ahead.removeLast();
                dropped = last instanceof HttpRequest;
                ReferenceCountUtil.release(last);
            }
            unanswered--;
            unwritten--;
            refused = Refusal.MALFORMED;
            answerIfDue(context);
        } else if (unwritten == 1 && !begun) {
            unanswered--;
            unwritten = 0;
            refused = Refusal.MALFORMED;
            answerIfDue(context);
        } else if (unwritten == 0 && !lingering) {
            lingerWithAnswer(context);
        }
    }

    private void answerIfDue(ChannelHandlerContext context) {
        Refusal refusal = refused;
        if (refusal == null || unwritten > 0 || lingering) {
            return;
        }
        lingering = true;
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(refusal.status()),
                Unpooled.wrappedBuffer(refusal.json()));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, ProblemDetail.MEDIA_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, refusal.json().length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        ResponseHeaders.onEveryAnswer((name, value) -> response.headers().set(name, value));
        context.writeAndFlush(response).addListener(_ -> LingeringClose.endOutput(context));
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (lingering) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        ChannelPromise written = promise;
        if (message instanceof HttpResponse response) {
            if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                var _ = context.write(message, promise);
                return;
            }
            begun = true;
            ending |= draining.getAsBoolean() || allowance.isSpent();
            if (ending) {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
        }
        if (message instanceof LastHttpContent) {
            begun = false;
            unwritten = Math.max(0, unwritten - 1);
            written = promise.unvoid();
            written.addListener(_ -> answered(context));
            if (ending || draining.getAsBoolean()) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }
        boolean last = message instanceof LastHttpContent;
        var _ = context.write(message, written);
        if (last) {
            answerIfDue(context);
        }
    }

    /** Vert.x closes what it cannot read; the answer is to be seen first. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (lingering) {
            context.channel().closeFuture().addListener(_ -> promise.trySuccess());
        } else {
            var _ = context.close(promise);
        }
    }
}
