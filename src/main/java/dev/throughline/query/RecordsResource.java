package dev.throughline.query;

import dev.throughline.ProblemDetail;
import dev.throughline.storage.RecordPage;
import dev.throughline.storage.RecordQuery;
import dev.throughline.storage.RecordStore;
import dev.throughline.storage.StoredRecord;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.Stream;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/records}. */
@Path("/v1/records")
@Tag(name = "Records", description = "Search over all records that are kept.")
public class RecordsResource {
    private static final int LIMIT_MAX = 1_000;
    private static final int LIMIT_DEFAULT = 100;
    private static final Set<Stream> STREAMS = EnumSet.complementOf(EnumSet.of(Stream.QUARANTINE));

    private final RecordStore store;

    public RecordsResource(RecordStore store) {
        this.store = store;
    }

    @GET
    @RunOnVirtualThread
    @Operation(
            operationId = "records",
            summary = "Records that match all conditions, newest received first",
            description =
                    "Pages are stable while new records arrive: what comes later is on no later page. A page can be short, or"
                            + " empty, and still have a `next_cursor`, because one call reads a bounded part of the store.")
    @Parameter(
            name = "tenant",
            in = ParameterIn.QUERY,
            description = "Tenant id, exactly.",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "connector",
            in = ParameterIn.QUERY,
            description = "Connector, exactly.",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "entity_type",
            in = ParameterIn.QUERY,
            description = "Entity type, exactly.",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "entity_id",
            in = ParameterIn.QUERY,
            description = "Entity id, exactly, as masked.",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "event_name",
            in = ParameterIn.QUERY,
            description = "Event or span name, exactly.",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "error_code",
            in = ParameterIn.QUERY,
            description = "Error code, exactly.",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "level",
            in = ParameterIn.QUERY,
            description = "Level, exactly.",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}))
    @Parameter(
            name = "from",
            in = ParameterIn.QUERY,
            description = "Event time at or after this RFC 3339 date-time.",
            schema = @Schema(type = SchemaType.STRING, format = "date-time"))
    @Parameter(
            name = "to",
            in = ParameterIn.QUERY,
            description = "Event time before this RFC 3339 date-time.",
            schema = @Schema(type = SchemaType.STRING, format = "date-time"))
    @Parameter(
            name = "stream",
            in = ParameterIn.QUERY,
            description = "One stream; without it, all of them.",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {"operational.logs", "operational.spans", "operational.metrics", "audit"}))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "Records of one page, 1 to 1000.",
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
                            example = "{\"records\":[],\"next_cursor\":null,\"unreadable\":[]}"))
    @APIResponse(
            responseCode = "400",
            description = "`invalid_parameters`: every wrong parameter with a code.",
            content = @Content(mediaType = ProblemDetail.MEDIA_TYPE))
    @APIResponse(
            responseCode = "503",
            description = "The store cannot be read now; `Retry-After` says when to try again.",
            content = @Content(mediaType = ProblemDetail.MEDIA_TYPE))
    public Response records(@Context UriInfo uri) {
        QueryParameters parameters = new QueryParameters(
                uri.getQueryParameters(),
                "tenant",
                "connector",
                "entity_type",
                "entity_id",
                "event_name",
                "error_code",
                "level",
                "from",
                "to",
                "stream",
                "limit",
                "cursor");
        RecordQuery query = query(parameters);
        return Answers.of(parameters, () -> Answers.json(json(store.records(query))));
    }

    /** What the parameters ask for; sound only where they have no errors. */
    static RecordQuery query(QueryParameters parameters) {
        Map<Field, String> equal = new EnumMap<>(Field.class);
        condition(equal, Field.TENANT_ID, parameters.text("tenant"));
        condition(equal, Field.CONNECTOR, parameters.text("connector"));
        condition(equal, Field.ENTITY_TYPE, parameters.text("entity_type"));
        condition(equal, Field.ENTITY_ID, parameters.text("entity_id"));
        condition(equal, Field.EVENT_NAME, parameters.text("event_name"));
        condition(equal, Field.ERROR_CODE, parameters.text("error_code"));
        condition(equal, Field.LEVEL, parameters.oneOf("level", RecordsResource::level));
        Stream stream = parameters.oneOf("stream", RecordsResource::stream);
        long from = parameters.micros("from", Long.MIN_VALUE);
        long to = parameters.micros("to", Long.MAX_VALUE);
        if (from >= to) {
            parameters.reject("to", "not_after_from");
        }
        return new RecordQuery(
                stream == null ? STREAMS : Set.of(stream),
                equal,
                from,
                to,
                parameters.integer("limit", 1, LIMIT_MAX, LIMIT_DEFAULT),
                parameters.text("cursor"));
    }

    private static void condition(Map<Field, String> equal, Field field, @Nullable String value) {
        if (value != null) {
            equal.put(field, value);
        }
    }

    private static @Nullable String level(String name) {
        return switch (name) {
            case "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL" -> name;
            default -> null;
        };
    }

    private static @Nullable Stream stream(String label) {
        return STREAMS.stream()
                .filter(stream -> stream.label().equals(label))
                .findFirst()
                .orElse(null);
    }

    static byte[] json(RecordPage page) {
        JsonWriter out = new JsonWriter(4_096);
        out.raw('{').member("records").raw('[');
        boolean more = false;
        for (StoredRecord stored : page.records()) {
            if (more) {
                out.raw(',');
            }
            RecordJson.record(out, stored);
            more = true;
        }
        out.raw(']');
        RecordJson.nullable(out, "next_cursor", page.nextCursor());
        RecordJson.strings(out, "unreadable", page.unreadable());
        return out.raw('}').toByteArray();
    }
}
