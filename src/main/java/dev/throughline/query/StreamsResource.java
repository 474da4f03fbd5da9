package dev.throughline.query;

import dev.throughline.storage.RecordStore;
import dev.throughline.storage.StreamCount;
import dev.throughline.telemetry.JsonWriter;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code GET /v1/streams}. */
@Path("/v1/streams")
@Tag(name = "Streams", description = "What the store keeps, by stream.")
public class StreamsResource {
    private final RecordStore store;

    public StreamsResource(RecordStore store) {
        this.store = store;
    }

    @GET
    @RunOnVirtualThread
    @Operation(
            operationId = "streams",
            summary = "Records, bytes and days of each stream",
            description =
                    "Distinct records; of the quarantine, distinct entries. `unreadable` names day files that could not be"
                            + " read, or not all of.")
    @APIResponse(
            responseCode = "200",
            description = "All streams.",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(type = SchemaType.OBJECT),
                            example =
                                    "{\"streams\":[{\"stream\":\"audit\",\"records\":12,\"bytes\":53248,\"days\":1}],\"unreadable\":[]}"))
    public Response streams(@Context UriInfo uri) {
        QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
        return Answers.of(parameters, () -> Answers.json(json(store.counts())));
    }

    static byte[] json(List<StreamCount> counts) {
        JsonWriter out = new JsonWriter(512);
        out.raw('{').member("streams").raw('[');
        boolean more = false;
        for (StreamCount count : counts) {
            if (more) {
                out.raw(',');
            }
            out.raw('{').member("stream").string(count.stream().label());
            out.member("records").number(count.records());
            out.member("bytes").number(count.bytes());
            out.member("days").number(count.days()).raw('}');
            more = true;
        }
        out.raw(']');
        RecordJson.strings(
                out,
                "unreadable",
                counts.stream().flatMap(count -> count.unreadable().stream()).toList());
        return out.raw('}').toByteArray();
    }
}
