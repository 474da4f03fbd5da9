package dev.throughline.access;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Stands in each HTTP/2 connection before the decoder, from the preface on, and counts frames by their heads (RFC 9113, section 4.1), those
 * too that the decoder answers by itself. A connection that has used up its {@link Allowance} ends with GOAWAY
 * {@code ENHANCE_YOUR_CALM}. One that brings neither requests nor bytes of their bodies ends when its time is over, whatever else it
 * sends: PING (section 6.7) keeps a peer informed, and a header block need never end (section 6.10).
 */
final class Http2Gate extends ChannelDuplexHandler {
    private static final int PREFACE_BYTES = 24;
    private static final int HEAD_BYTES = 9;
    private static final int LENGTH_BYTES = 3;
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Allowance allowance;
    private final Runnable ended;
    private final long idleNanosMax;
    /** Bytes until the next head. */
    private int toSkip = PREFACE_BYTES;
    /** Bytes of the head that were read. */
    private int headRead;

    private int length;
    private byte type;
    private byte flags;
    private int stream;
    private int lastStream;
    /** Streams of which more is to come, about. Also read by other threads, as it was a moment ago. */
    private int receiving;

    private boolean isEnded;
    /** When it last brought something, or was waited for. */
    private long usedNanos = System.nanoTime();

    /**
     * The gate of one connection.
     *
     * @param ended told where a connection is ended for its frames
     * @param idleNanosMax for how long it may bring nothing while it waits for nothing; 0: for ever
     */
    Http2Gate(Allowance allowance, Runnable ended, long idleNanosMax) {
        this.allowance = allowance;
        this.ended = ended;
        this.idleNanosMax = idleNanosMax;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (idleNanosMax > 0) {
            endWhenIdle(context, idleNanosMax);
        }
    }

    private void endWhenIdle(ChannelHandlerContext context, long nanos) {
        var _ = context.executor().schedule(() -> lookWhetherIdle(context), nanos, TimeUnit.NANOSECONDS);
    }

    private void lookWhetherIdle(ChannelHandlerContext context) {
        if (!context.channel().isActive()) {
            return;
        }
        Http2ConnectionHandler decoder = context.pipeline().get(Http2ConnectionHandler.class);
        if (decoder != null && decoder.connection().numActiveStreams() > 0) {
            usedNanos = System.nanoTime();
        }
        long left = idleNanosMax - (System.nanoTime() - usedNanos);
        if (left > 0) {
            endWhenIdle(context, left);
        } else {
            var _ = context.channel().close(); // The decoder says GOAWAY first.
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Http2Exception {
        if (isEnded) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof ByteBuf bytes && !areIn(bytes)) {
            bytes.release();
            end(context);
        } else {
            context.fireChannelRead(message);
        }
    }

    private boolean areIn(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (toSkip > 0) {
                int skipped = Math.min(toSkip, end - at);
                toSkip -= skipped;
                at += skipped;
            } else if (readHead(bytes.getByte(at++)) && !isFrameIn()) {
                return false;
            }
        }
        return true;
    }

    /** Whether the head is whole. */
    private boolean readHead(byte next) {
        if (headRead < LENGTH_BYTES) {
            length = length << 8 | (next & 0xff);
        } else if (headRead == TYPE_AT) {
            type = next;
        } else if (headRead == FLAGS_AT) {
            flags = next;
        } else {
            stream = stream << 8 | (next & 0xff);
        }
        headRead++;
        return headRead == HEAD_BYTES;
    }

    private boolean isFrameIn() {
        int payload = length;
        noteUse();
        headRead = 0;
        length = 0;
        stream = 0;
        toSkip = payload;
        return type == Http2FrameTypes.DATA ? allowance.isPieceIn(payload) : allowance.isIn();
    }

    private void noteUse() {
        boolean isHead = type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION;
        if ((isHead && (flags & END_HEADERS) != 0) || (type == Http2FrameTypes.DATA && length > 0)) {
            usedNanos = System.nanoTime();
        }
        boolean more = (flags & END_STREAM) == 0;
        if (type == Http2FrameTypes.HEADERS && stream > lastStream) {
            lastStream = stream;
            receiving += more ? 1 : 0;
        } else if (type == Http2FrameTypes.RST_STREAM
                || (!more && (type == Http2FrameTypes.DATA || type == Http2FrameTypes.HEADERS))) {
            receiving = Math.max(0, receiving - 1);
        }
    }

    boolean isReceiving() {
        return receiving > 0;
    }

    private void end(ChannelHandlerContext context) {
        isEnded = true;
        ended.run();
        ChannelHandlerContext decoder = context.pipeline().context(Http2ConnectionHandler.class);
        if (decoder == null) {
            var _ = context.close();
            return;
        }
        ((Http2ConnectionHandler) decoder.handler())
                .onError(
                        decoder,
                        false,
                        Http2Exception.connectionError(
                                Http2Error.ENHANCE_YOUR_CALM,
                                "more frames than a connection may send without requests"));
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            allowance.sent(bytes.readableBytes());
        }
        var _ = context.write(message, promise);
    }
}
