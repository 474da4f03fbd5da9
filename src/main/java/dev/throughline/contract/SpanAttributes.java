package dev.throughline.contract;

import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;

/**
 * What the trace blueprint asks of a span (T2): {@code correlation_id}, {@code tenant_id}, {@code connector}, {@code entity_id}
 * and {@code attempt}, and {@code error_code} where it failed. A span without them is taken and reported to its owner: spans also
 * come from instrumentation that knows nothing of connectors. Stateless.
 */
public final class SpanAttributes {
    private static final Field[] ASKED = {
        Field.CORRELATION_ID, Field.TENANT_ID, Field.CONNECTOR, Field.ENTITY_ID, Field.ATTEMPT
    };
    private static final int ATTEMPT_MAX = 1000;
    private static final int TENANT_LENGTH_MAX = 64;
    private static final int CONNECTOR_LENGTH_MAX = 100;
    private static final int ENTITY_ID_BYTES_MAX = 512;
    private static final int ERROR_CODE_LENGTH_MAX = 64;
    private static final byte[] SPAN = {'s', 'p', 'a', 'n'};
    private static final byte[] STATUS = {'s', 't', 'a', 't', 'u', 's'};
    private static final byte[] CODE = {'c', 'o', 'd', 'e'};
    /** {@code STATUS_CODE_ERROR} in OTLP. */
    private static final byte STATUS_ERROR = '2';

    private SpanAttributes() {}

    /**
     * Drops slots whose value is not what the contract wants, and says what is missing.
     *
     * @return a bit for the ordinal of each {@link Field} that is missing
     */
    public static int missing(ReceivedRecord span) {
        int missing = 0;
        for (Field field : ASKED) {
            if (span.has(field) && !isWellFormed(span, field)) {
                span.set(field, -1);
            }
            if (!span.has(field)) {
                missing |= 1 << field.ordinal();
            }
        }
        if (span.has(Field.ERROR_CODE) && !isWellFormed(span, Field.ERROR_CODE)) {
            span.set(Field.ERROR_CODE, -1);
        }
        if (!span.has(Field.ERROR_CODE) && hasFailed(span)) {
            missing |= 1 << Field.ERROR_CODE.ordinal();
        }
        return missing;
    }

    private static boolean hasFailed(ReceivedRecord span) {
        JsonTape tape = span.tape();
        int body = tape.member(0, SPAN);
        int status = body < 0 ? -1 : tape.member(body, STATUS);
        int code = status < 0 ? -1 : tape.member(status, CODE);
        return code >= 0 && tape.bytes()[tape.start(code)] == STATUS_ERROR;
    }

    private static boolean isWellFormed(ReceivedRecord span, Field field) {
        JsonTape tape = span.tape();
        int node = span.node(field);
        int from = tape.start(node);
        int to = tape.end(node);
        byte[] bytes = tape.bytes();
        boolean string = tape.kind(node) == JsonTape.STRING;
        return switch (field) {
            case CORRELATION_ID -> string && CorrelationIds.isWellFormed(bytes, from, to);
            case TENANT_ID -> to - from <= TENANT_LENGTH_MAX && isName(bytes, from, to, true);
            case CONNECTOR -> string && to - from <= CONNECTOR_LENGTH_MAX && isName(bytes, from, to, false);
            case ATTEMPT -> isAttempt(tape, node);
            case ERROR_CODE -> string && isErrorCode(bytes, from, to);
            default -> string && to > from && to - from <= ENTITY_ID_BYTES_MAX;
        };
    }

    private static boolean isAttempt(JsonTape tape, int node) {
        long attempt = tape.kind(node) == JsonTape.NUMBER ? tape.longValue(node, -1) : -1;
        return attempt >= 1 && attempt <= ATTEMPT_MAX;
    }

    /** {@code [A-Z][A-Z0-9_]{1,63}}. */
    private static boolean isErrorCode(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            boolean capital = b >= 'A' && b <= 'Z';
            if (!capital && (at == from || (b != '_' && (b < '0' || b > '9')))) {
                return false;
            }
        }
        return to - from >= 2 && to - from <= ERROR_CODE_LENGTH_MAX;
    }

    /** {@code [A-Za-z0-9][A-Za-z0-9_.-]*}, or without capitals. */
    private static boolean isName(byte[] bytes, int from, int to, boolean capitals) {
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            boolean plain = (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || (capitals && b >= 'A' && b <= 'Z');
            if (!plain && (at == from || (b != '_' && b != '.' && b != '-'))) {
                return false;
            }
        }
        return to > from;
    }
}
