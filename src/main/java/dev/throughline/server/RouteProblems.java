package dev.throughline.server;

import dev.throughline.ProblemDetail;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * What no resource answers on the API's port: unknown paths, paths and queries that cannot be decoded, and failures that nobody
 * expected. All are problem documents, and none says more than its code.
 */
@ApplicationScoped
public class RouteProblems {
    private static final Logger LOG = Logger.getLogger(RouteProblems.class);
    /** Before Quarkus' own handler, which answers with a page or with nothing. */
    private static final int FIRST = Integer.MIN_VALUE;

    private static final int MALFORMED = 400;
    private static final int NOT_FOUND = 404;
    private static final int FAILED = 500;

    void register(@Observes Router router) {
        router.errorHandler(NOT_FOUND, context -> answer(context, Problems.of(NOT_FOUND)));
        router.route().order(FIRST).handler(RouteProblems::decodable).failureHandler(RouteProblems::failed);
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

    private static void failed(RoutingContext context) {
        int status = context.statusCode() < 400 ? FAILED : context.statusCode();
        Throwable failure = context.failure();
        if (status >= FAILED && failure != null) {
            // The kind and the place, and no more: a message can quote the request.
            LOG.errorf("a request failed: %s at %s", failure.getClass().getName(), place(failure));
        }
        answer(context, Problems.of(status));
    }

    private static String place(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length == 0 ? "?" : trace[0].getClassName() + ":" + trace[0].getLineNumber();
    }

    /** Ends the response with the problem, unless it has been answered. */
    static void answer(RoutingContext context, ProblemDetail problem) {
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
