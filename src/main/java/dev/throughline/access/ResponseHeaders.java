package dev.throughline.access;

import io.vertx.core.http.HttpHeaders;
import java.util.function.BiConsumer;

/** Headers of every answer: it is what its type says, and nobody keeps a copy (RFC 9111, section 5.2.2.5). */
final class ResponseHeaders {
    private static final CharSequence NOSNIFF_NAME = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    private ResponseHeaders() {}

    static void onEveryAnswer(BiConsumer<CharSequence, CharSequence> headers) {
        headers.accept(NOSNIFF_NAME, NOSNIFF);
        headers.accept(HttpHeaders.CACHE_CONTROL, NO_STORE);
    }
}
