package dev.throughline.access;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** What the head of an HTTP/1 request is refused for: it cannot be read, or in two ways (RFC 9112, sections 3.2, 6.1 and 6.3). */
final class Http1Head {
    private Http1Head() {}

    /** Null where it is clear. */
    static @Nullable Refusal refusal(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return switch (request.decoderResult().cause()) {
                case TooLongHttpLineException _ -> Refusal.URI_TOO_LONG;
                case TooLongHttpHeaderException _ -> Refusal.HEADERS_TOO_LARGE;
                case null, default -> Refusal.MALFORMED;
            };
        }
        HttpVersion version = request.protocolVersion();
        if (!isServed(version)) {
            return Refusal.VERSION_NOT_SUPPORTED;
        }
        HttpHeaders headers = request.headers();
        Iterator<? extends CharSequence> hosts = headers.valueCharSequenceIterator(HttpHeaderNames.HOST);
        boolean named = hosts.hasNext();
        if (named) {
            hosts.next();
        }
        boolean hostIsClear = named ? !hosts.hasNext() : version.equals(HttpVersion.HTTP_1_0);
        return hostIsClear && isFramedClearly(headers) && !headers.contains("") ? null : Refusal.MALFORMED;
    }

    /** Netty has one object of each of these, and makes others of what is written in another way; so Vert.x tells them. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isServed(HttpVersion version) {
        return version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0;
    }

    private static boolean isFramedClearly(HttpHeaders headers) {
        Iterator<? extends CharSequence> codings = headers.valueCharSequenceIterator(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.hasNext()) {
            return true;
        }
        boolean chunked = HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.next());
        return chunked && !codings.hasNext() && !headers.contains(HttpHeaderNames.CONTENT_LENGTH);
    }
}
