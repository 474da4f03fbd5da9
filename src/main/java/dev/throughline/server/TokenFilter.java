package dev.throughline.server;

import dev.throughline.access.AccessToken;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;

/** Reads need the token, like ingest (whose routes check it themselves, in their own protocols). */
@ApplicationScoped
public class TokenFilter {
    private static final int PRIORITY = 500;
    private static final Set<String> INGEST = Set.of("/v1/events", "/v1/logs", "/v1/traces", "/v1/metrics");

    private final AccessToken token;

    TokenFilter(AccessToken token) {
        this.token = token;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext context) {
        String path = context.normalizedPath();
        if (!path.startsWith("/v1/")
                || INGEST.contains(path)
                || token.isCarriedBy(context.request().getHeader("Authorization"))) {
            context.next();
            return;
        }
        context.response().putHeader("WWW-Authenticate", "Bearer realm=\"throughline\"");
        RouteProblems.answer(context, Problems.of(401));
    }
}
