package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonStrings;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.Signal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;

/**
 * The bodies that OTLP answers with (specification 1.11, "OTLP/HTTP Response" and "OTLP/gRPC Response"), in protobuf or JSON.
 * Messages hold no content of a request. Stateless.
 */
public final class OtlpAnswers {
    /** Codes of {@code google.rpc.Code}. */
    public static final int INVALID_ARGUMENT = 3;

    public static final int PERMISSION_DENIED = 7;
    public static final int RESOURCE_EXHAUSTED = 8;
    public static final int UNIMPLEMENTED = 12;
    public static final int UNAVAILABLE = 14;
    public static final int UNAUTHENTICATED = 16;

    /** A longer message is cut: clients and proxies bound headers and log lines. */
    public static final int MESSAGE_BYTES_MAX = 1_024;

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] EMPTY_OBJECT = {'{', '}'};
    private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

    private OtlpAnswers() {}

    /** All taken: the response message with {@code partial_success} unset. */
    public static byte[] success(boolean json) {
        return json ? EMPTY_OBJECT.clone() : NOTHING;
    }

    /** Some or all refused; with {@code rejected} 0, a warning. For metrics {@code rejected} counts data points. */
    public static byte[] partial(Signal signal, long rejected, String message, boolean json) {
        String text = bounded(message);
        if (json) {
            JsonWriter out = new JsonWriter(128 + text.length());
            out.ascii("{\"partialSuccess\":{\"").ascii(rejectedName(signal)).ascii("\":\"");
            out.number(rejected).ascii("\",\"errorMessage\":").string(text).ascii("}}");
            return out.toByteArray();
        }
        ByteArrayOutputStream partial = new ByteArrayOutputStream();
        integer(partial, 1, rejected);
        bytes(partial, 2, text.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        bytes(response, 1, partial.toByteArray(), true);
        return response.toByteArray();
    }

    private static String rejectedName(Signal signal) {
        return switch (signal) {
            case LOG -> "rejectedLogRecords";
            case SPAN -> "rejectedSpans";
            case METRIC -> "rejectedDataPoints";
            case QUARANTINE_ENTRY -> throw new IllegalArgumentException("OTLP has no " + signal);
        };
    }

    /** {@code google.rpc.Status}: the body of every HTTP error. */
    public static byte[] status(int rpcCode, String message, boolean json) {
        String text = bounded(message);
        if (json) {
            JsonWriter out = new JsonWriter(64 + text.length());
            out.ascii("{\"code\":")
                    .number(rpcCode)
                    .ascii(",\"message\":")
                    .raw(JsonStrings.quote(text))
                    .ascii("}");
            return out.toByteArray();
        }
        return statusMessage(rpcCode, text, NOTHING);
    }

    private static byte[] statusMessage(int rpcCode, String text, byte[] detail) {
        ByteArrayOutputStream status = new ByteArrayOutputStream();
        integer(status, 1, rpcCode);
        bytes(status, 2, text.getBytes(StandardCharsets.UTF_8));
        bytes(status, 3, detail);
        return status.toByteArray();
    }

    /** Later: UNAVAILABLE with RetryInfo, which clients obey. */
    public static GrpcAnswer unavailable(String message, Duration retryAfter) {
        String text = bounded(message);
        ByteArrayOutputStream delay = new ByteArrayOutputStream();
        integer(delay, 1, retryAfter.toSeconds());
        integer(delay, 2, retryAfter.toNanosPart());
        ByteArrayOutputStream retryInfo = new ByteArrayOutputStream();
        bytes(retryInfo, 1, delay.toByteArray(), true);
        ByteArrayOutputStream any = new ByteArrayOutputStream();
        bytes(any, 1, RETRY_INFO.getBytes(StandardCharsets.US_ASCII));
        bytes(any, 2, retryInfo.toByteArray());
        byte[] status = statusMessage(UNAVAILABLE, text, any.toByteArray());
        return new GrpcAnswer(
                UNAVAILABLE,
                percentEncoded(text),
                Base64.getEncoder().withoutPadding().encodeToString(status));
    }

    /** An error that clients must not retry: without RetryInfo. */
    public static GrpcAnswer refused(int rpcCode, String message) {
        return new GrpcAnswer(rpcCode, percentEncoded(bounded(message)), "");
    }

    /** At most {@link #MESSAGE_BYTES_MAX} bytes of UTF-8, cut between characters. */
    static String bounded(String message) {
        if (message.getBytes(StandardCharsets.UTF_8).length <= MESSAGE_BYTES_MAX) {
            return message;
        }
        int bytes = 0;
        int end = 0;
        while (end < message.length()) {
            int c = message.codePointAt(end);
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (bytes > MESSAGE_BYTES_MAX) {
                break;
            }
            end += Character.charCount(c);
        }
        return message.substring(0, end);
    }

    /** As gRPC over HTTP/2 wants {@code grpc-message}: everything but printable ASCII, and the percent sign, encoded. */
    static String percentEncoded(String message) {
        StringBuilder encoded = new StringBuilder(message.length() + 16);
        for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b <= '~' && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(String.format(Locale.ROOT, "%02X", b & 0xFF));
            }
        }
        return encoded.toString();
    }

    private static void integer(ByteArrayOutputStream out, int number, long value) {
        if (value != 0) {
            out.write(number << 3);
            varint(out, value);
        }
    }

    private static void bytes(ByteArrayOutputStream out, int number, byte[] content) {
        bytes(out, number, content, false);
    }

    private static void bytes(ByteArrayOutputStream out, int number, byte[] content, boolean evenEmpty) {
        if (content.length > 0 || evenEmpty) {
            out.write(number << 3 | 2);
            varint(out, content.length);
            out.writeBytes(content);
        }
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
