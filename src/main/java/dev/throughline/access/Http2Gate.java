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

/**
 * Stands in each HTTP/2 connection before the decoder, from the preface on, and counts frames by their heads (RFC 9113, section 4.1), those
 * too that the decoder answers by itself. A connection that has used up its {@link Allowance} ends with GOAWAY
 * {@code ENHANCE_YOUR_CALM}.
 */
final class Http2Gate extends ChannelDuplexHandler {
    private static final int PREFACE_BYTES = 24;
    private static final int HEAD_BYTES = 9;
    private static final int LENGTH_BYTES = 3;
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;
    private static final int END_STREAM = 1;

    private final Allowance allowance;
    private final Runnable ended;
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

    /** @param ended told where a connection is ended for its frames */
    Http2Gate(Allowance allowance, Runnable ended) {
        this.allowance = allowance;
        this.ended = ended;
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
        countStreams();
        headRead = 0;
        length = 0;
        stream = 0;
        toSkip = payload;
        return type == Http2FrameTypes.DATA ? allowance.isPieceIn(payload) : allowance.isIn();
    }

    private void countStreams() {
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
