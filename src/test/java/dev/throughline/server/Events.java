package dev.throughline.server;

import dev.throughline.contract.CorrelationIds;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Random;

/** Events for tests: the reference event with one thing changed. */
final class Events {
    private static final CorrelationIds IDS = new CorrelationIds(InstantSource.system(), new Random());

    private Events() {}

    static String correlationId() {
        return new String(IDS.next(), StandardCharsets.US_ASCII);
    }

    /** A conforming event on one line. */
    static String event(String correlationId, int number) {
        return event(correlationId, number, "\"attempt\":1");
    }

    /** @param attempt the member {@code attempt}, or whatever else is to stand there */
    static String event(String correlationId, int number, String attempt) {
        return """
                {"timestamp":"2026-01-26T10:24:18.442Z","level":"INFO","service":"integration-worker","environment":"test",\
                "correlation_id":"%s","tenant_id":"acme_eu_01","connector":"crm_to_erp.order_sync","entity_type":"order",\
                "entity_id":"SO-%d","event_name":"order.status.updated",%s,"duration_ms":12,"message":"done"}""".formatted(correlationId, number, attempt);
    }

    static String withoutCorrelation(int number, String more) {
        return """
                {"timestamp":"2026-01-26T10:24:18.442Z","level":"INFO","tenant_id":"acme_eu_01",\
                "connector":"crm_to_erp.order_sync","entity_type":"order","entity_id":"SO-%d",\
                "event_name":"order.status.updated","attempt":1%s}""".formatted(number, more);
    }
}
