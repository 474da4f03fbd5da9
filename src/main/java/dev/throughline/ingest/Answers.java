package dev.throughline.ingest;

import io.vertx.core.http.HttpServerResponse;

/** How one protocol tells an {@link Outcome}. Called on the request's event loop. */
interface Answers {
    void write(HttpServerResponse response, Outcome outcome);
}
