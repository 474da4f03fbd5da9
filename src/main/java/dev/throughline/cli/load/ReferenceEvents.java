package dev.throughline.cli.load;

import java.time.Instant;
import java.util.List;

/**
 * The reference load: events of the shape of the requirements' example, all fields, 617 bytes of NDJSON in the mean, one in five
 * with personal data in its message. Event {@code i} depends on seed, moment and {@code i} alone. Immutable.
 */
public final class ReferenceEvents {
    /** The mean size of an event as NDJSON, newline included. */
    public static final int EVENT_BYTES_MEAN = 617;
    /** Events with personal data in the message, per thousand. */
    public static final int PERSONAL_DATA_PER_THOUSAND = 200;
    /** Neighbours that share a service and an environment, as one sender's request does. */
    public static final int EVENTS_PER_ORIGIN = 500;

    /** Events a millisecond of event time. */
    private static final int EVENTS_PER_MILLI = 20;

    private static final List<Event.Origin> ORIGINS = List.of(
            new Event.Origin("integration-worker", "production"),
            new Event.Origin("order-sync-worker", "production"),
            new Event.Origin("invoice-publisher", "production"),
            new Event.Origin("webhook-receiver", "staging-eu"));
    private static final List<String> TENANTS = List.of(
            "acme_eu_01",
            "acme_us_02",
            "globex_de_01",
            "initech_uk",
            "umbrella_fr",
            "stark_nl_03",
            "wayne_es_01",
            "hooli_pl_02",
            "vandelay_it",
            "wonka_tr_01",
            "tyrell_se_4",
            "soylent_at");
    private static final List<Entity> ENTITIES = List.of(
            new Entity("crm_to_erp.order_sync", "order", "SO-", "order.status.updated", "/erp/orders/status"),
            new Entity("crm_to_erp.order_sync", "order", "SO-", "order.created", "/erp/orders"),
            new Entity("crm_to_erp.customer_sync", "customer", "CU-", "customer.merged", "/erp/customers/{id}"),
            new Entity("erp_to_billing.invoices", "invoice", "INV-", "invoice.post.failed", "/billing/invoices"),
            new Entity("shop_to_erp.stock_sync", "product", "SKU-", "stock.level.updated", "/erp/stock/{sku}"),
            new Entity("erp_to_crm.shipments", "shipment", "SH-", "shipment.dispatched", "/crm/shipments"),
            new Entity("psp_to_erp.payments", "payment", "PAY-", "payment.captured", "/erp/payments/{id}"));
    private static final List<Failure> FAILURES = List.of(
            new Failure("ERP_TIMEOUT", 504),
            new Failure("ERP_RATE_LIMITED", 429),
            new Failure("MAPPING_FIELD_MISSING", 422),
            new Failure("ERP_LOCKED", 423),
            new Failure("QUEUE_REDELIVERED", 409),
            new Failure("CRM_UNAVAILABLE", 503),
            new Failure("AUTH_TOKEN_EXPIRED", 401));
    private static final List<String> METHODS = List.of("POST", "PUT", "PATCH");
    private static final List<List<String>> TAGS = List.of(
            List.of("slo:latency", "dlq:candidate"),
            List.of("slo:errors", "retry:due"),
            List.of("slo:stale", "batch:day"),
            List.of("slo:latency", "region:eu"));
    private static final List<String> MESSAGES = List.of(
            "ERP API timeout during status update, message given back",
            "Remote system asked to slow down, next attempt waits",
            "No ERP value for this payment term, the default was used",
            "Document is locked by a user in the ERP, update put off",
            "Delivered again after a lost lease, second write stopped",
            "Object changed since the webhook, newest state was read",
            "Version conflict at the target, record read and merged");

    private final long seed;
    private final long lastMillis;
    private final int count;

    private record Entity(String connector, String type, String idPrefix, String eventName, String route) {}

    private record Failure(String code, int status) {}

    /**
     * @param now event times end here and reach back {@code count / 20} ms
     */
    public ReferenceEvents(long seed, Instant now, int count) {
        this.seed = seed;
        this.lastMillis = now.toEpochMilli();
        this.count = count;
    }

    public int count() {
        return count;
    }

    public Event event(int index) {
        Draws draws = Draws.at(seed, index);
        Entity entity = draws.one(ENTITIES);
        Failure failure = draws.one(FAILURES);
        long millis = lastMillis - (count - 1 - index) / EVENTS_PER_MILLI;
        return new Event(
                millis,
                ORIGINS.get(index / EVENTS_PER_ORIGIN % ORIGINS.size()),
                Ulids.correlationId(millis, index, draws.bits()),
                new Event.Subject(
                        draws.one(TENANTS), entity.connector(), entity.type(), entity.idPrefix() + draws.digits(6)),
                entity.eventName(),
                new Event.Outcome(
                        draws.chance(400) ? "ERROR" : "WARN",
                        draws.between(1, 5),
                        draws.between(100, 9999),
                        failure.code()),
                new Event.Http(draws.one(METHODS), failure.status(), entity.route()),
                draws.chance(PERSONAL_DATA_PER_THOUSAND) ? PersonalData.sentence(draws) : draws.one(MESSAGES),
                draws.one(TAGS),
                new Event.TraceContext(draws.hex16() + draws.hex16(), spanId(index, draws), draws.hex16()),
                null);
    }

    /** The index makes it unique; the last four digits are left to {@link RequestBody#stamp}. */
    private static String spanId(int index, Draws draws) {
        return String.format(java.util.Locale.ROOT, "%08x", index + 1)
                + draws.hex16().substring(8);
    }
}
