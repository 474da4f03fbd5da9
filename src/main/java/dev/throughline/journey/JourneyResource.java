package dev.throughline.journey;

import dev.throughline.ProblemDetail;
import dev.throughline.query.Answers;
import dev.throughline.query.QueryParameters;
import dev.throughline.storage.JourneyQuery;
import dev.throughline.storage.JourneyRecords;
import dev.throughline.storage.RecordStore;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/journeys/{correlation_id}}. */
@Path("/v1/journeys")
@Tag(name = "Journeys", description = "Everything that is kept of one correlation id, as one story.")
public class JourneyResource {
    private static final int RECORDS_MAX = 5_000;
    private static final int RECORDS_DEFAULT = 1_000;
    private static final int BYTES_MAX = 4 << 20;
    private static final int ID_LENGTH = 31;

    private final RecordStore store;

    public JourneyResource(RecordStore store) {
        this.store = store;
    }

    @GET
    @Path("/{correlation_id}")
    @RunOnVirtualThread
    @Operation(
            operationId = "journey",
            summary = "All records of a correlation id, ordered by event time",
            description =
                    "Logs, spans, audit records and quarantined records of the id, and spans without a correlation id whose"
                            + " trace id occurs among them. Each record names the boundary of the trace blueprint that it belongs to;"
                            + " `missing_boundaries` are those without a record and `broke_at` is the last record that failed.")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "Records of one page, 1 to 5000.",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "5000", defaultValue = "1000"))
    @Parameter(
            name = "cursor",
            in = ParameterIn.QUERY,
            description = "`next_cursor` of the page before.",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description =
                    "The journey. `truncated` says that there are more records than these. `unreadable` names day files that could"
                            + " not be read, or not all of: where it is not empty, records may be missing, all of them included.",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(type = SchemaType.OBJECT),
                            example =
                                    "{\"correlation_id\":\"corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K\",\"missing_boundaries\":[\"notification.callback\"],"
                                            + "\"broke_at\":{\"boundary\":\"erp.api.request\",\"error_code\":\"ERP_TIMEOUT\",\"recovered\":false},\"records\":[]}"))
    @APIResponse(
            responseCode = "400",
            description = "`malformed_correlation_id`, or `invalid_parameters`.",
            content = @Content(mediaType = ProblemDetail.MEDIA_TYPE))
    @APIResponse(
            responseCode = "404",
            description = "`journey_not_found`: all was read and nothing is kept of this id.",
            content = @Content(mediaType = ProblemDetail.MEDIA_TYPE))
    @APIResponse(
            responseCode = "503",
            description = "The store cannot be read now; `Retry-After` says when to try again.",
            content = @Content(mediaType = ProblemDetail.MEDIA_TYPE))
    public Response journey(
            @PathParam("correlation_id")
                    @Parameter(description = "`corr_` and a ULID.", example = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K")
                    String correlationId,
            @Context UriInfo uri) {
        if (!isCorrelationId(correlationId)) {
            return Answers.problem(new ProblemDetail(
                    400,
                    "malformed_correlation_id",
                    "Malformed correlation id",
                    "A correlation id is corr_ and a ULID: 26 Crockford characters, the first 0 to 7."));
        }
        QueryParameters parameters = new QueryParameters(uri.getQueryParameters(), "limit", "cursor");
        int limit = parameters.integer("limit", 1, RECORDS_MAX, RECORDS_DEFAULT);
        String cursor = parameters.text("cursor");
        return Answers.of(parameters, () -> answer(correlationId, limit, cursor));
    }

    private Response answer(String correlationId, int limit, @Nullable String cursor) {
        JourneyRecords records = store.journey(new JourneyQuery(correlationId, limit, BYTES_MAX, cursor));
        Journey journey = new JourneyAssembly().assemble(correlationId, records);
        // Where a day could not be read nobody can say that nothing is kept: the empty story says which.
        if (journey.isEmpty() && cursor == null && records.unreadable().isEmpty()) {
            return Answers.problem(new ProblemDetail(
                    404, "journey_not_found", "No such journey", "Nothing is kept of this correlation id."));
        }
        return Answers.json(JourneyJson.write(journey));
    }

    /** {@code corr_} and 26 Crockford characters, the first 0 to 7. */
    static boolean isCorrelationId(String text) {
        if (text.length() != ID_LENGTH || !text.startsWith("corr_") || text.charAt(5) > '7') {
            return false;
        }
        return text.chars().skip(5).allMatch(c -> "0123456789ABCDEFGHJKMNPQRSTVWXYZ".indexOf(c) >= 0);
    }
}
