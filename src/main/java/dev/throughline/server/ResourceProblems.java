package dev.throughline.server;

import dev.throughline.Defects;
import dev.throughline.ProblemDetail;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * What resources refuse before their own code runs, such as a wrong method: the status with a problem document. What nobody
 * expected is a defect, and a 503 for the caller.
 */
public final class ResourceProblems {
    private static final int SERVER_ERRORS = 500;

    private final Defects defects;

    ResourceProblems(Defects defects) {
        this.defects = defects;
    }

    @ServerExceptionMapper
    public Response problem(WebApplicationException refused) {
        Response response = refused.getResponse();
        if (response.getStatus() >= SERVER_ERRORS) {
            return failed(refused);
        }
        ProblemDetail problem = Problems.of(response.getStatus());
        return Response.fromResponse(response)
                .type(ProblemDetail.MEDIA_TYPE)
                .entity(problem.json())
                .build();
    }

    @ServerExceptionMapper
    public Response failed(Throwable failure) {
        defects.count(ApiPort.NAME, failure);
        return Response.status(Problems.UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, Defects.RETRY_AFTER_SECONDS)
                .type(ProblemDetail.MEDIA_TYPE)
                .entity(Problems.of(Problems.UNAVAILABLE).json())
                .build();
    }
}
