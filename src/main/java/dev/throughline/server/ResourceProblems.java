package dev.throughline.server;

import dev.throughline.ProblemDetail;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What resources refuse before their own code runs, such as a wrong method: the status with a problem document. */
public final class ResourceProblems {
    ResourceProblems() {}

    @ServerExceptionMapper
    public Response problem(WebApplicationException refused) {
        Response response = refused.getResponse();
        ProblemDetail problem = Problems.of(response.getStatus());
        return Response.fromResponse(response)
                .type(ProblemDetail.MEDIA_TYPE)
                .entity(problem.json())
                .build();
    }
}
