package dev.throughline.query;

import dev.throughline.ProblemDetail;
import dev.throughline.ProblemDetail.InvalidParameter;
import dev.throughline.storage.InvalidCursorException;
import dev.throughline.storage.StoreUnavailableException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.Supplier;

/** The answers of the reading resources: JSON, or a problem document. */
public final class Answers {
    private static final int RETRY_AFTER_S = 2;

    private Answers() {}

    public static Response json(byte[] document) {
        return Response.ok(document, "application/json").build();
    }

    public static Response problem(ProblemDetail problem) {
        return Response.status(problem.status())
                .type(ProblemDetail.MEDIA_TYPE)
                .entity(problem.json())
                .build();
    }

    /** Reads, unless parameters are wrong; a foreign cursor and a store that cannot be read have their answers here. */
    public static Response of(QueryParameters parameters, Supplier<Response> read) {
        if (!parameters.errors().isEmpty()) {
            return invalid(parameters.errors());
        }
        try {
            return read.get();
        } catch (InvalidCursorException e) {
            return invalid(List.of(new InvalidParameter("cursor", "malformed_cursor")));
        } catch (StoreUnavailableException e) {
            ProblemDetail problem = new ProblemDetail(
                    503,
                    e.code(),
                    "The store cannot be read",
                    "The records are kept; try again, or look at the store's disk.");
            return Response.fromResponse(problem(problem))
                    .header("Retry-After", RETRY_AFTER_S)
                    .build();
        }
    }

    private static Response invalid(List<InvalidParameter> errors) {
        return problem(new ProblemDetail(
                400,
                "invalid_parameters",
                "Invalid parameters",
                "Each parameter that is wrong is named in errors.",
                errors));
    }
}
