package dev.throughline.telemetry.otlp;

import static dev.throughline.telemetry.otlp.FieldType.ANY_VALUE;
import static dev.throughline.telemetry.otlp.FieldType.ATTRIBUTES;
import static dev.throughline.telemetry.otlp.FieldType.BOOL;
import static dev.throughline.telemetry.otlp.FieldType.DOUBLE;
import static dev.throughline.telemetry.otlp.FieldType.FIXED32;
import static dev.throughline.telemetry.otlp.FieldType.FIXED64;
import static dev.throughline.telemetry.otlp.FieldType.ID;
import static dev.throughline.telemetry.otlp.FieldType.SFIXED64;
import static dev.throughline.telemetry.otlp.FieldType.SINT32;
import static dev.throughline.telemetry.otlp.FieldType.STRING;
import static dev.throughline.telemetry.otlp.FieldType.UINT32;
import static dev.throughline.telemetry.otlp.FieldType.UINT64;
import static dev.throughline.telemetry.otlp.MessageField.choice;
import static dev.throughline.telemetry.otlp.MessageField.many;
import static dev.throughline.telemetry.otlp.MessageField.one;

/** The messages of {@code opentelemetry.proto.{common,resource,trace,metrics,logs}.v1}, version 1.9. */
public final class OtlpShapes {
    /** Of {@code ResourceLogs}, {@code ResourceSpans}, {@code ResourceMetrics} and their scope counterparts alike. */
    public static final int ENVELOPE_HEAD = 1;

    /** The scopes of a resource envelope, the records of a scope envelope. */
    public static final int ENVELOPE_ITEMS = 2;

    public static final int ENVELOPE_SCHEMA_URL = 3;
    /** The resource envelopes of a request, of {@code TracesData} and {@code MetricsData}. */
    public static final int REQUEST_ITEMS = 1;

    private static final MessageShape ENTITY_REF = new MessageShape(
            one(1, "schemaUrl", STRING),
            one(2, "type", STRING),
            many(3, "idKeys", STRING),
            many(4, "descriptionKeys", STRING));

    public static final MessageShape RESOURCE = new MessageShape(
            one(1, "attributes", ATTRIBUTES),
            one(2, "droppedAttributesCount", UINT32),
            many(3, "entityRefs", ENTITY_REF));

    public static final MessageShape SCOPE = new MessageShape(
            one(1, "name", STRING),
            one(2, "version", STRING),
            one(3, "attributes", ATTRIBUTES),
            one(4, "droppedAttributesCount", UINT32));

    private static final MessageShape EVENT = new MessageShape(
            one(1, "timeUnixNano", FIXED64),
            one(2, "name", STRING),
            one(3, "attributes", ATTRIBUTES),
            one(4, "droppedAttributesCount", UINT32));

    private static final MessageShape LINK = new MessageShape(
            one(1, "traceId", ID),
            one(2, "spanId", ID),
            one(3, "traceState", STRING),
            one(4, "attributes", ATTRIBUTES),
            one(5, "droppedAttributesCount", UINT32),
            one(6, "flags", FIXED32));

    private static final MessageShape STATUS = new MessageShape(
            one(2, "message", STRING), choice(3, "code", "STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"));

    public static final MessageShape SPAN = new MessageShape(
            one(1, "traceId", ID),
            one(2, "spanId", ID),
            one(3, "traceState", STRING),
            one(4, "parentSpanId", ID),
            one(16, "flags", FIXED32),
            one(5, "name", STRING),
            choice(
                    6,
                    "kind",
                    "SPAN_KIND_UNSPECIFIED",
                    "SPAN_KIND_INTERNAL",
                    "SPAN_KIND_SERVER",
                    "SPAN_KIND_CLIENT",
                    "SPAN_KIND_PRODUCER",
                    "SPAN_KIND_CONSUMER"),
            one(7, "startTimeUnixNano", FIXED64),
            one(8, "endTimeUnixNano", FIXED64),
            one(9, "attributes", ATTRIBUTES),
            one(10, "droppedAttributesCount", UINT32),
            many(11, "events", EVENT),
            one(12, "droppedEventsCount", UINT32),
            many(13, "links", LINK),
            one(14, "droppedLinksCount", UINT32),
            one(15, "status", STATUS));

    private static final MessageShape EXEMPLAR = new MessageShape(
            one(7, "filteredAttributes", ATTRIBUTES),
            one(2, "timeUnixNano", FIXED64),
            one(3, "asDouble", DOUBLE),
            one(6, "asInt", SFIXED64),
            one(4, "spanId", ID),
            one(5, "traceId", ID));

    private static final MessageShape NUMBER_POINT = new MessageShape(
            true,
            one(7, "attributes", ATTRIBUTES),
            one(2, "startTimeUnixNano", FIXED64),
            one(3, "timeUnixNano", FIXED64),
            one(4, "asDouble", DOUBLE),
            one(6, "asInt", SFIXED64),
            many(5, "exemplars", EXEMPLAR),
            one(8, "flags", UINT32));

    private static final MessageShape HISTOGRAM_POINT = new MessageShape(
            true,
            one(9, "attributes", ATTRIBUTES),
            one(2, "startTimeUnixNano", FIXED64),
            one(3, "timeUnixNano", FIXED64),
            one(4, "count", FIXED64),
            one(5, "sum", DOUBLE),
            many(6, "bucketCounts", FIXED64),
            many(7, "explicitBounds", DOUBLE),
            many(8, "exemplars", EXEMPLAR),
            one(10, "flags", UINT32),
            one(11, "min", DOUBLE),
            one(12, "max", DOUBLE));

    private static final MessageShape BUCKETS =
            new MessageShape(one(1, "offset", SINT32), many(2, "bucketCounts", UINT64));

    private static final MessageShape EXPONENTIAL_POINT = new MessageShape(
            true,
            one(1, "attributes", ATTRIBUTES),
            one(2, "startTimeUnixNano", FIXED64),
            one(3, "timeUnixNano", FIXED64),
            one(4, "count", FIXED64),
            one(5, "sum", DOUBLE),
            one(6, "scale", SINT32),
            one(7, "zeroCount", FIXED64),
            one(8, "positive", BUCKETS),
            one(9, "negative", BUCKETS),
            one(10, "flags", UINT32),
            many(11, "exemplars", EXEMPLAR),
            one(12, "min", DOUBLE),
            one(13, "max", DOUBLE),
            one(14, "zeroThreshold", DOUBLE));

    private static final MessageShape QUANTILE = new MessageShape(one(1, "quantile", DOUBLE), one(2, "value", DOUBLE));

    private static final MessageShape SUMMARY_POINT = new MessageShape(
            true,
            one(7, "attributes", ATTRIBUTES),
            one(2, "startTimeUnixNano", FIXED64),
            one(3, "timeUnixNano", FIXED64),
            one(4, "count", FIXED64),
            one(5, "sum", DOUBLE),
            many(6, "quantileValues", QUANTILE),
            one(8, "flags", UINT32));

    public static final MessageShape METRIC = new MessageShape(
            one(1, "name", STRING),
            one(2, "description", STRING),
            one(3, "unit", STRING),
            one(5, "gauge", new MessageShape(many(1, "dataPoints", NUMBER_POINT))),
            one(
                    7,
                    "sum",
                    new MessageShape(many(1, "dataPoints", NUMBER_POINT), temporality(), one(3, "isMonotonic", BOOL))),
            one(9, "histogram", new MessageShape(many(1, "dataPoints", HISTOGRAM_POINT), temporality())),
            one(10, "exponentialHistogram", new MessageShape(many(1, "dataPoints", EXPONENTIAL_POINT), temporality())),
            one(11, "summary", new MessageShape(many(1, "dataPoints", SUMMARY_POINT))),
            one(12, "metadata", ATTRIBUTES));

    /** Only read: a log becomes an {@code integration-log/v1} object, not a compact document. */
    public static final MessageShape LOG_RECORD = new MessageShape(
            one(1, "timeUnixNano", FIXED64),
            one(11, "observedTimeUnixNano", FIXED64),
            choice(2, "severityNumber", severities()),
            one(3, "severityText", STRING),
            one(5, "body", ANY_VALUE),
            one(6, "attributes", ATTRIBUTES),
            one(7, "droppedAttributesCount", UINT32),
            one(8, "flags", FIXED32),
            one(9, "traceId", ID),
            one(10, "spanId", ID),
            one(12, "eventName", STRING));

    private OtlpShapes() {}

    private static MessageField temporality() {
        return choice(
                2,
                "aggregationTemporality",
                "AGGREGATION_TEMPORALITY_UNSPECIFIED",
                "AGGREGATION_TEMPORALITY_DELTA",
                "AGGREGATION_TEMPORALITY_CUMULATIVE");
    }

    private static String[] severities() {
        String[] names = new String[25];
        names[0] = "SEVERITY_NUMBER_UNSPECIFIED";
        String[] levels = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
        for (int number = 1; number < names.length; number++) {
            int step = (number - 1) % 4;
            names[number] = "SEVERITY_NUMBER_" + levels[(number - 1) / 4] + (step == 0 ? "" : step + 1);
        }
        return names;
    }
}
