package dev.throughline.ingest;

import dev.throughline.contract.CorrelationIds;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonStrings;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The correlation headers of a request, ready to be written into records that lack the field: {@code X-Correlation-Id}, {@code
 * X-Request-Id} and {@code traceparent} (W3C Trace Context, section 3.2). A header that is not well-formed is as good as absent.
 */
record RequestHeaders(
        byte @Nullable [] correlationId,
        @Nullable Member requestId,
        @Nullable Member traceId,
        @Nullable Member spanId) {
    static final RequestHeaders NONE = new RequestHeaders(null, null, null, null);

    private static final int REQUEST_ID_LENGTH_MAX = 128;
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}");
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);

    /** A member to insert after the opening brace: {@code "name":"value",}. */
    record Member(Field field, byte[] written, int valueFrom, int valueTo) {
        static Member of(String name, Field field, String value) {
            byte[] quoted = JsonStrings.quote(value);
            byte[] key = ("\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
            byte[] written = Arrays.copyOf(key, key.length + quoted.length + 1);
            System.arraycopy(quoted, 0, written, key.length, quoted.length);
            written[written.length - 1] = ',';
            return new Member(field, written, key.length + 1, written.length - 2);
        }
    }

    /** @param mask what masks free text: a request id is the sender's to choose */
    static RequestHeaders of(String correlationId, String requestId, String traceparent, UnaryOperator<String> mask) {
        if (correlationId.isEmpty() && requestId.isEmpty() && traceparent.isEmpty()) {
            return NONE;
        }
        var trace = TRACEPARENT.matcher(traceparent);
        boolean traced = trace.matches()
                && !trace.group(1).equals(NO_TRACE)
                && !trace.group(2).equals(NO_SPAN);
        boolean requested = !requestId.isEmpty() && requestId.length() <= REQUEST_ID_LENGTH_MAX;
        return new RequestHeaders(
                CorrelationIds.isWellFormed(correlationId) ? correlationId.getBytes(StandardCharsets.US_ASCII) : null,
                requested ? Member.of("request_id", Field.REQUEST_ID, mask.apply(requestId)) : null,
                traced ? Member.of("trace_id", Field.TRACE_ID, trace.group(1)) : null,
                traced ? Member.of("span_id", Field.SPAN_ID, trace.group(2)) : null);
    }
}
