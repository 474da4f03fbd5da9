package dev.throughline.query;

import dev.throughline.ProblemDetail;
import dev.throughline.storage.QuarantinePage;
import dev.throughline.storage.QuarantineQuery;
import dev.throughline.storage.QuarantinedRecord;
import dev.throughline.storage.RecordStore;
import dev.throughline.telemetry.JsonWriter;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
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

/** {@code GET /v1/quarantine}. */
@Path("/v1/quarantine")
@Tag(name = "Quarantine", description = "What was refused or could not be masked, with its reason.")
public class QuarantineResource {
    private static final int LIMIT_MAX = 1_000;
    private static final int LIMIT_DEFAULT = 100;

    private final RecordStore store;

    public QuarantineResource(RecordStore store) {
        this.store = store;
    }

    @GET
    @RunOnVirtualThread
    @Operation(
            operationId = "quarantine",
            summary = "Quarantine entries that match all conditions, last seen first",
            description =
                    "An entry is one record, however often it came: `count`, `first_seen` and `last_seen` tell that. `entry`"
                            + " holds reason, code, JSON pointer and keyword, and the masked record where it could be masked.")
    @Parameter(
            name = "connector",
            in = ParameterIn.QUERY,
            description = "Connector, exactly.",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "tenant",
            in = ParameterIn.QUERY,
            description = "Tenant id, exactly.",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "code",
            in = ParameterIn.QUERY,
            description = "Code of the refusal, exactly.",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "Entries of one page, 1 to 1000.",
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "1000", defaultValue = "100"))
    @Parameter(
            name = "cursor",
            in = ParameterIn.QUERY,
            description = "`next_cursor` of the page before, with the same conditions.",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "A page. `unreadable` names day files that had to be left out.",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(type = SchemaType.OBJECT),
                            example = "{\"entries\":[],\"next_cursor\":null,\"unreadable\":[]}"))
    @APIResponse(
            responseCode = "400",
            description = "`invalid_parameters`: every wrong parameter with a code.",
            content = @Content(mediaType = ProblemDetail.MEDIA_TYPE))
    @APIResponse(
            responseCode = "503",
            description = "The store cannot be read now; `Retry-After` says when to try again.",
            content = @Content(mediaType = ProblemDetail.MEDIA_TYPE))
    public Response quarantine(@Context UriInfo uri) {
        QueryParameters parameters =
                new QueryParameters(uri.getQueryParameters(), "connector", "tenant", "code", "limit", "cursor");
        QuarantineQuery query = new QuarantineQuery(
                parameters.text("connector"),
                parameters.text("tenant"),
                parameters.text("code"),
                parameters.integer("limit", 1, LIMIT_MAX, LIMIT_DEFAULT),
                parameters.text("cursor"));
        return Answers.of(parameters, () -> Answers.json(json(store.quarantine(query))));
    }

    static byte[] json(QuarantinePage page) {
        JsonWriter out = new JsonWriter(4_096);
        out.raw('{').member("entries").raw('[');
        boolean more = false;
        for (QuarantinedRecord entry : page.entries()) {
            if (more) {
                out.raw(',');
            }
            RecordJson.entry(out, entry);
            more = true;
        }
        out.raw(']');
        RecordJson.nullable(out, "next_cursor", page.nextCursor());
        RecordJson.strings(out, "unreadable", page.unreadable());
        return out.raw('}').toByteArray();
    }
}
