package dev.throughline.access;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/**
 * What an HTTP port serves, and what of it is public.
 *
 * @param name the label of metrics and log lines
 * @param open the whole list of what is answered without an identity: exact paths, for GET and HEAD, each with the handler that
 *     answers it; nothing else that the port serves is reached by a request without the token
 * @param unauthenticated answers everything else where there is no token, in the words of what was asked
 * @param unavailable answers 503 where a handler fails
 * @param served everything else, for who has the token
 * @param takesTokens false where nothing but the open paths is served: who asks for more is told what is there, not who he is
 */
public record GuardedPort(
        String name,
        Map<String, Handler<HttpServerRequest>> open,
        Handler<HttpServerRequest> unauthenticated,
        Handler<HttpServerRequest> unavailable,
        Handler<HttpServerRequest> served,
        boolean takesTokens) {
    public GuardedPort {
        open = Map.copyOf(open);
    }
}
