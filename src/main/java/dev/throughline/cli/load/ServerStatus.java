package dev.throughline.cli.load;

import java.io.IOException;
import java.util.Map;

/**
 * The counters of {@code GET /v1/status}. Those of the program count since it started; spooled is what is on disk now.
 *
 * @param delivered over all streams but quarantine, by the exporters that say so
 * @param spooledRecords not yet delivered, all streams but quarantine
 */
public record ServerStatus(
        long received,
        long accepted,
        long refused,
        long quarantined,
        long duplicates,
        long delivered,
        long spooledRecords,
        long spooledBytes) {
    public static final String PATH = "/v1/status";

    private static final String STREAMS = "streams/";
    private static final String QUARANTINE = STREAMS + "quarantine/";

    public static ServerStatus parse(byte[] document) throws IOException {
        Map<String, Long> numbers = JsonNumbers.of(document);
        return new ServerStatus(
                numbers.getOrDefault("received", 0L),
                numbers.getOrDefault("accepted", 0L),
                numbers.getOrDefault("refused", 0L),
                numbers.getOrDefault("quarantined", 0L),
                numbers.getOrDefault("duplicates", 0L),
                sum(numbers, "/delivered"),
                sum(numbers, "/spooled_records"),
                sum(numbers, "/spooled_bytes"));
    }

    /** Whether each record received is refused, known already, delivered or spooled: between requests it is. */
    public boolean isSettled() {
        return received == refused + duplicates + delivered + spooledRecords;
    }

    private static long sum(Map<String, Long> numbers, String member) {
        long sum = 0;
        for (Map.Entry<String, Long> number : numbers.entrySet()) {
            String path = number.getKey();
            if (path.startsWith(STREAMS) && path.endsWith(member) && !path.startsWith(QUARANTINE)) {
                sum += number.getValue();
            }
        }
        return sum;
    }
}
