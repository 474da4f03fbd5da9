package dev.throughline.server;

import dev.throughline.Defects;
import dev.throughline.ProblemDetail;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * What no resource answers on the API's port: unknown paths, paths and queries that cannot be decoded, and failures that nobody
 * expected. All are problem documents, and none says more than its code.
 */
@ApplicationScoped
public class RouteProblems {
    /** Before Quarkus' own handler, which answers with a page or with nothing. */
    private static final int FIRST = Integer.MIN_VALUE;

    private static final int MALFORMED = 400;
    private static final int NOT_FOUND = 404;
    private static final int FAILED = 500;

    private final Defects defects;

    RouteProblems(Defects defects) {
        this.defects = defects;
    }

    void register(@Observes Router router) {
        router.errorHandler(NOT_FOUND, context -> answer(context, Problems.of(NOT_FOUND)));
        router.errorHandler(FAILED, this::failed);
        router.route().order(FIRST).handler(RouteProblems::decodable).failureHandler(this::failed);
    }

    private static void decodable(RoutingContext context) {
        try {
            context.normalizedPath();
        } catch (IllegalArgumentException e) {
            context.fail(MALFORMED);
            return;
        }
        context.next();
    }

    private void failed(RoutingContext context) {
        int status = context.statusCode() < 400 ? FAILED : context.statusCode();
        if (status >= FAILED) {
            Throwable failure = context.failure();
            defects.count(ApiPort.NAME, failure == null ? new HttpException(status) : failure);
            if (!context.response().headWritten()) {
                context.response().putHeader("Retry-After", Defects.RETRY_AFTER_SECONDS);
            }
        }
        answer(context, Problems.of(status));
    }

    /** Ends the response with the problem, unless it has been answered. */
    private static void answer(RoutingContext context, ProblemDetail problem) {
        if (context.response().ended()) {
            return;
        }
        if (context.response().headWritten()) {
            context.response().reset();
            return;
        }
        context.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", ProblemDetail.MEDIA_TYPE)
                .end(Buffer.buffer(problem.json()));
    }
}
