package dev.throughline.policy.reload;

import dev.throughline.policy.PolicyLoader;
import dev.throughline.policy.document.Problem;
import dev.throughline.telemetry.JsonWriter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code GET /v1/policy}: what is in force, and what was not let in and why. */
@Path("/v1/policy")
@Tag(name = "Policy", description = "What rules contract, masking, streams and the desk.")
public class PolicyResource {
    private final PolicyReloader reloader;

    PolicyResource(PolicyReloader reloader) {
        this.reloader = reloader;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "policy",
            summary = "The policy in force",
            description =
                    "`hash` is what every record carries. `refused` says, by file, line and column, why the policy that stands "
                            + "in the directory is not in force; `rolled_back` that a canary took it back; both are null where all is well.")
    @APIResponse(
            responseCode = "200",
            description = "Its name, hash, origin and age.",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT)))
    public byte[] policy() {
        PolicyStatus status = reloader.status();
        JsonWriter out = new JsonWriter(512);
        out.raw('{').member("name").string(status.policy().name());
        out.member("hash").string(status.policy().shortHash());
        out.member("origin").string(status.origin().name().toLowerCase(Locale.ROOT));
        out.member("since").string(status.since().toString());
        out.member("took_ms").number(status.took().toMillis());
        out.member("reloads").number(status.reloads());
        out.member("canary_until");
        if (status.canaryUntil() == null) {
            out.ascii("null");
        } else {
            out.string(status.canaryUntil().toString());
        }
        out.member("connectors").number(status.policy().connectors().size());
        out.member("tenants").number(status.policy().tenants().size());
        out.member("objectives").number(status.policy().objectives().size());
        out.member("alerts").number(status.policy().alerts().size());
        refused(status.refused(), out.member("refused"));
        rolledBack(status.rolledBack(), out.member("rolled_back"));
        return out.raw('}').toByteArray();
    }

    private static void refused(PolicyStatus.@org.jspecify.annotations.Nullable Refused refused, JsonWriter out) {
        if (refused == null) {
            out.ascii("null");
            return;
        }
        out.raw('{').member("at").string(refused.at().toString());
        Problem.json(refused.problems(), out.member("problems"));
        out.member("more").number(refused.dropped()).raw('}');
    }

    private static void rolledBack(PolicyStatus.@org.jspecify.annotations.Nullable RolledBack why, JsonWriter out) {
        if (why == null) {
            out.ascii("null");
            return;
        }
        out.raw('{').member("at").string(why.at().toString());
        out.member("finding").string(why.finding()).raw('}');
    }

    @GET
    @Path("/schema")
    @Produces("application/schema+json")
    @Operation(
            operationId = "policySchema",
            summary = "The JSON Schema of the policy document",
            description = "For editors: point yaml-language-server at it.")
    @APIResponse(
            responseCode = "200",
            description = "JSON Schema 2020-12.",
            content = @Content(mediaType = "application/schema+json", schema = @Schema(type = SchemaType.OBJECT)))
    public byte[] schema() {
        return PolicyLoader.schema();
    }
}
