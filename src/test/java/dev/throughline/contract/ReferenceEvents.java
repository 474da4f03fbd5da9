package dev.throughline.contract;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Reference events of integration-log/v1 and variations of them. */
public final class ReferenceEvents {
    /** The event of the requirements, as it stands there. */
    public static final String EVENT = """
            {"timestamp":"2026-01-26T10:24:18.442Z","level":"ERROR","service":"integration-worker","environment":"production",\
            "correlation_id":"corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K","tenant_id":"acme_eu_01","connector":"crm_to_erp.order_sync",\
            "entity_type":"order","entity_id":"SO-104928","event_name":"order.status.updated","attempt":3,"duration_ms":842,\
            "error_code":"ERP_TIMEOUT","http":{"method":"POST","status":504,"route":"/erp/orders/status"},\
            "message":"ERP API timeout during status update","tags":["slo:latency","dlq:candidate"],\
            "trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7"}""";

    private static final String CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final String HEX = "0123456789abcdef";

    private ReferenceEvents() {}

    private static String pick(Random random, String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** NDJSON of distinct conforming events of 617 bytes, line feed not counted. */
    public static byte[] ndjson(int events, long seed) {
        Random random = new Random(seed);
        StringBuilder out = new StringBuilder(events * 618);
        for (int i = 0; i < events; i++) {
            String event = EVENT.replace("01HRVQ8QX8K6YB2T9M2WZ2FQ3K", "0" + pick(random, CROCKFORD, 25))
                    .replace("SO-104928", "SO-" + pick(random, "0123456789", 6))
                    .replace("4bf92f3577b34da6a3ce929d0e0e4736", pick(random, HEX, 31) + "1")
                    .replace("00f067aa0ba902b7", pick(random, HEX, 15) + "1");
            int missing = 617 - event.length();
            String filler = missing <= 0 ? "" : " " + pick(random, "abcdefghij klmno pqrst", missing - 1);
            out.append(event.replace("during status update", "during status update" + filler))
                    .append('\n');
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}
