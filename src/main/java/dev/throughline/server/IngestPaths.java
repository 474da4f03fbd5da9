package dev.throughline.server;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/** Describes the paths that take records: they are routes of their own, which nothing can read from annotations. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class IngestPaths implements OASFilter {
    private static final String JSON = "application/json";
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String PROBLEM = "application/problem+json";
    private static final String TAG = "ingest";

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (api.getPaths() == null) {
            api.setPaths(OASFactory.createPaths());
        }
        add(api, "/v1/events", events());
        add(api, "/v1/logs", otlp("logs", "ExportLogsServiceRequest", "resourceLogs", "rejectedLogRecords"));
        add(api, "/v1/traces", otlp("spans", "ExportTraceServiceRequest", "resourceSpans", "rejectedSpans"));
        add(
                api,
                "/v1/metrics",
                otlp("metrics", "ExportMetricsServiceRequest", "resourceMetrics", "rejectedDataPoints"));
    }

    private static void add(OpenAPI api, String path, Operation operation) {
        api.getPaths().addPathItem(path, OASFactory.createPathItem().POST(operation));
    }

    private static Operation events() {
        Schema event =
                object().description("A record of integration-log/v1; what it lacks or has wrong is told in refusals.");
        Schema body = OASFactory.createSchema().oneOf(List.of(event, array(event)));
        Schema counts = object().addProperty("received", integer())
                .addProperty("accepted", integer())
                .addProperty("refused", integer())
                .addProperty("duplicates", integer())
                .addProperty(
                        "correlation_ids",
                        array(object().addProperty("index", integer()).addProperty("correlation_id", string())))
                .addProperty(
                        "refusals",
                        array(object().addProperty("index", integer())
                                .addProperty("code", string())
                                .addProperty("pointer", string())
                                .addProperty("keyword", string())
                                .addProperty("correlation_id", string())));
        Content taken = OASFactory.createContent();
        for (String type : List.of(JSON, "application/x-ndjson")) {
            taken.addMediaType(type, OASFactory.createMediaType().schema(body));
        }
        return operation(
                "Takes records",
                "One object, an array, concatenated objects or NDJSON; plain, gzip or zstd. `accepted` is durable.",
                taken,
                answers(content(JSON, counts), content(PROBLEM, problem()))
                        .addAPIResponse(
                                "422", answer("Every record was refused: see refusals", content(PROBLEM, problem()))));
    }

    private static Operation otlp(String what, String message, String member, String rejected) {
        Schema request = object().description("OTLP's " + message).addProperty(member, array(object()));
        Schema partial = object().addProperty(
                        "partialSuccess",
                        object().addProperty(rejected, string()).addProperty("errorMessage", string()));
        Schema status = object().description("google.rpc.Status")
                .addProperty("code", integer())
                .addProperty("message", string());
        return operation(
                "Takes OTLP " + what,
                "OTLP over HTTP, also on its own port; plain, gzip or zstd. Answers in the request's content type.",
                both(request),
                answers(both(partial), both(status)));
    }

    private static Operation operation(String summary, String description, Content body, APIResponses answers) {
        return OASFactory.createOperation()
                .addTag(TAG)
                .summary(summary)
                .description(description)
                .requestBody(OASFactory.createRequestBody().required(true).content(body))
                .responses(answers);
    }

    private static APIResponses answers(Content good, Content bad) {
        return OASFactory.createAPIResponses()
                .addAPIResponse("200", answer("Kept, but for what is counted as refused", good))
                .addAPIResponse("400", answer("It cannot be read", bad))
                .addAPIResponse("401", answer("No token, or a wrong one", bad))
                .addAPIResponse("408", answer("The body did not come in time", bad))
                .addAPIResponse("413", answer("Too large", bad))
                .addAPIResponse("415", answer("An unknown content type or encoding", bad))
                .addAPIResponse("503", answer("Full, busy or draining: the same again after Retry-After", bad));
    }

    private static APIResponse answer(String description, Content content) {
        return OASFactory.createAPIResponse().description(description).content(content);
    }

    private static Content content(String type, Schema schema) {
        return OASFactory.createContent()
                .addMediaType(type, OASFactory.createMediaType().schema(schema));
    }

    private static Content both(Schema schema) {
        Schema binary = string().format("binary").description("The same message, or its counterpart, in protobuf");
        return content(JSON, schema)
                .addMediaType(PROTOBUF, OASFactory.createMediaType().schema(binary));
    }

    private static Schema problem() {
        return object().addProperty("type", string())
                .addProperty("title", string())
                .addProperty("status", integer())
                .addProperty("code", string())
                .addProperty("detail", string());
    }

    private static Schema object() {
        return OASFactory.createSchema().addType(SchemaType.OBJECT);
    }

    private static Schema array(Schema items) {
        return OASFactory.createSchema().addType(SchemaType.ARRAY).items(items);
    }

    private static Schema string() {
        return OASFactory.createSchema().addType(SchemaType.STRING);
    }

    private static Schema integer() {
        return OASFactory.createSchema().addType(SchemaType.INTEGER);
    }
}
