package dev.throughline.cli.load;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * What the program answered a request with.
 *
 * @param retryAfter as the header says in seconds; zero where it is absent
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose, compared by nobody
public record Answer(int status, Duration retryAfter, byte[] body) {
    /** Records of a request by their fate. */
    public record Counts(long accepted, long refused, long duplicates) {}

    public boolean taken() {
        return status == 200;
    }

    /** Whether the same body is to be sent again later. */
    public boolean later() {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }

    /**
     * The fate of the records of a request that was taken.
     *
     * @throws IOException where the answer is not what the protocol says
     */
    public Counts counts(RequestBody request) throws IOException {
        return switch (request.form()) {
            case NDJSON -> structured(JsonNumbers.of(body));
            case OTLP_JSON_LOGS -> otlp(request, rejected(JsonNumbers.of(body)));
            case OTLP_PROTOBUF_LOGS, OTLP_PROTOBUF_SPANS -> otlp(request, rejected(body));
        };
    }

    private static Counts structured(Map<String, Long> numbers) throws IOException {
        Long accepted = numbers.get("accepted");
        if (accepted == null) {
            throw new IOException("the answer does not count accepted records");
        }
        return new Counts(accepted, numbers.getOrDefault("refused", 0L), numbers.getOrDefault("duplicates", 0L));
    }

    private static Counts otlp(RequestBody request, long rejected) {
        return new Counts(request.events() - rejected, rejected, 0);
    }

    private static long rejected(Map<String, Long> numbers) {
        return numbers.getOrDefault("partialSuccess/rejectedLogRecords", 0L)
                + numbers.getOrDefault("partialSuccess/rejectedSpans", 0L);
    }

    /** {@code partial_success.rejected_*}: field 1 (varint) of the message in field 1. */
    private static long rejected(byte[] protobuf) {
        if (protobuf.length < 4 || protobuf[0] != 0x0A || protobuf[2] != 0x08) {
            return 0;
        }
        long value = 0;
        int shift = 0;
        for (int at = 3; at < protobuf.length && shift < Long.SIZE; at++, shift += 7) {
            value |= (protobuf[at] & 0x7FL) << shift;
            if (protobuf[at] >= 0) {
                break;
            }
        }
        return value;
    }

    @Override
    public String toString() {
        return "Answer[" + status + ", " + body.length + " bytes]";
    }
}
