package dev.throughline.cli.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One order, customer or invoice on its way through the seven boundaries, as the steps that its connectors will report. Seeded: the
 * same index gives the same journey. Times are offsets from its start.
 */
final class JourneyScript {
    /** Journeys that end before the last boundary, per thousand. */
    static final int FAILING_PER_THOUSAND = 20;
    /** Journeys that reach the end after the ERP was asked again, per thousand. */
    static final int RETRIED_PER_THOUSAND = 40;
    /** Steps whose message carries personal data, per thousand. */
    static final int PERSONAL_DATA_PER_THOUSAND = 60;
    /** Journeys beside which a connector sends a record that breaks the contract, per thousand. */
    static final int FLAWED_PER_THOUSAND = 8;

    static final List<String> TENANTS = List.of("acme_eu_01", "globex_us_02", "initech_uk_03", "umbrella_fr_04");

    private static final int ATTEMPTS_MAX = 3;
    private static final int RETRY_WAIT_MILLIS = 800;
    /** What the adapter waits for an answer. */
    private static final int ERP_TIMEOUT_MILLIS = 3_000;

    private static final String ENVIRONMENT = "production";

    private static final List<Kind> KINDS = List.of(
            new Kind("crm_to_erp.order_sync", "order", "SO-", "ingress.webhook", "/erp/orders", "order.update"),
            new Kind(
                    "crm_to_erp.customer_sync",
                    "customer",
                    "CU-",
                    "ingress.api",
                    "/erp/customers/{id}",
                    "customer.upsert"),
            new Kind(
                    "erp_to_billing.invoice_sync",
                    "invoice",
                    "INV-",
                    "ingress.webhook",
                    "/erp/invoices",
                    "invoice.post"));

    private final Draws draws;
    private final Kind kind;
    private final String correlationId;
    private final String traceId;
    private final Event.Subject subject;
    private final long startMillis;
    private final List<Step> steps = new ArrayList<>();
    private final @Nullable Break broken;
    private long atMillis;
    private @Nullable String parentSpanId;

    private record Kind(
            String connector, String entityType, String idPrefix, String ingress, String route, String action) {}

    /** Why a journey does not reach its end. */
    private enum Break {
        ERP_TIMEOUT,
        MAPPING_FIELD_MISSING,
        DB_CONFLICT,
        /** Nothing is reported: the message is gone behind the queue. */
        SILENT
    }

    /**
     * A log record, its span where it ends one, and how the record travels.
     *
     * @param spanned whether the boundary's span ends with it
     */
    record Step(long dueMillis, WireForm form, Event event, boolean spanned) {}

    private JourneyScript(long seed, long index, long startMillis) {
        draws = Draws.at(seed, index);
        kind = draws.one(KINDS);
        this.startMillis = startMillis;
        correlationId = Ulids.correlationId(startMillis, draws.bits(), index);
        traceId = draws.hex16() + draws.hex16();
        subject = new Event.Subject(
                draws.one(TENANTS), kind.connector(), kind.entityType(), kind.idPrefix() + draws.digits(6));
        broken = draws.chance(FAILING_PER_THOUSAND) ? draws.one(List.of(Break.values())) : null;
    }

    static JourneyScript of(long seed, long index, long startMillis) {
        JourneyScript script = new JourneyScript(seed, index, startMillis);
        script.play();
        return script;
    }

    List<Step> steps() {
        return steps;
    }

    boolean failing() {
        return broken != null;
    }

    String correlationId() {
        return correlationId;
    }

    private void play() {
        step("webhook-gateway", WireForm.NDJSON, kind.ingress() + ".received", "Payload signature valid, parsed");
        step("webhook-gateway", WireForm.NDJSON, "queue.publish.completed", "Message handed to the queue");
        if (broken == Break.SILENT) {
            return;
        }
        step(
                "integration-worker",
                WireForm.OTLP_PROTOBUF_LOGS,
                "worker.consume.started",
                "Lease and idempotency key taken");
        if (broken == Break.MAPPING_FIELD_MISSING) {
            int took = draws.between(2, 120);
            failed("integration-worker", "transform.mapping.failed", 1, took, broken.name(), null, true);
            return;
        }
        step(
                "integration-worker",
                WireForm.OTLP_PROTOBUF_LOGS,
                "transform.mapping.completed",
                "Mapped to the ERP's form");
        if (!erp()) {
            return;
        }
        if (broken == Break.DB_CONFLICT) {
            int took = draws.between(20, 400);
            failed("integration-worker", "db.commit.failed", 1, took, broken.name(), null, true);
            return;
        }
        step(
                "integration-worker",
                WireForm.OTLP_PROTOBUF_LOGS,
                "db.commit.completed",
                "State and checkpoint committed");
        audit();
        step("notifier", WireForm.NDJSON, "notification.callback.delivered", "Source system was told the outcome");
    }

    /** The call that fails now and then; whether the ERP took it in the end. */
    private boolean erp() {
        boolean lost = broken == Break.ERP_TIMEOUT;
        int failures =
                lost ? ATTEMPTS_MAX : draws.chance(RETRIED_PER_THOUSAND) ? draws.between(1, ATTEMPTS_MAX - 1) : 0;
        for (int attempt = 1; attempt <= failures; attempt++) {
            Event.Http http = new Event.Http("POST", 504, kind.route());
            int took = draws.between(ERP_TIMEOUT_MILLIS, ERP_TIMEOUT_MILLIS + 200);
            boolean forGood = attempt == ATTEMPTS_MAX;
            failed("erp-adapter", "erp.api.request.failed", attempt, took, "ERP_TIMEOUT", http, forGood);
            atMillis += (long) RETRY_WAIT_MILLIS * attempt;
        }
        if (!lost) {
            Event.Http http = new Event.Http("POST", 200, kind.route());
            int took = draws.between(60, 900);
            add("erp-adapter", "erp.api.request.completed", WireForm.OTLP_JSON_LOGS)
                    .of(
                            new Event.Outcome("INFO", failures + 1, took, null),
                            http,
                            message("ERP took the document"),
                            null);
        }
        return !lost;
    }

    private void step(String service, WireForm form, String eventName, String message) {
        add(service, eventName, form)
                .of(new Event.Outcome("INFO", 1, draws.between(2, 120), null), null, message(message), null);
    }

    private void failed(
            String service,
            String eventName,
            int attempt,
            int took,
            String code,
            Event.@Nullable Http http,
            boolean forGood) {
        WireForm form = http == null ? WireForm.OTLP_PROTOBUF_LOGS : WireForm.OTLP_JSON_LOGS;
        String end = forGood ? "; moved to dead letters" : "; the next attempt is scheduled";
        String level = forGood ? "ERROR" : "WARN";
        add(service, eventName, form).of(new Event.Outcome(level, attempt, took, code), http, code + end, null);
    }

    private void audit() {
        Event.Audit audit = new Event.Audit(
                "svc-integration-worker",
                kind.connector().substring(0, kind.connector().indexOf('_')),
                kind.action(),
                draws.hex16() + draws.hex16() + draws.hex16() + draws.hex16());
        add("integration-worker", kind.entityType() + ".state.changed", WireForm.NDJSON)
                .of(new Event.Outcome("INFO", 1, 1, null), null, "State transition recorded", audit);
    }

    private String message(String usual) {
        return draws.chance(PERSONAL_DATA_PER_THOUSAND) ? PersonalData.sentence(draws) : usual;
    }

    private Place add(String service, String eventName, WireForm form) {
        return new Place(service, eventName, form);
    }

    /** Where and when the next record comes from. */
    private final class Place {
        private final String service;
        private final String eventName;
        private final WireForm form;

        Place(String service, String eventName, WireForm form) {
            this.service = service;
            this.eventName = eventName;
            this.form = form;
        }

        void of(Event.Outcome outcome, Event.@Nullable Http http, String message, Event.@Nullable Audit audit) {
            // What a record ends has begun after the end of what was before it.
            atMillis += outcome.durationMillis() + draws.between(5, 60);
            String spanId = draws.hex16();
            Event event = new Event(
                    startMillis + atMillis,
                    new Event.Origin(service, ENVIRONMENT),
                    correlationId,
                    subject,
                    eventName,
                    outcome,
                    http,
                    message,
                    List.of("flow:" + kind.entityType()),
                    new Event.TraceContext(traceId, spanId, parentSpanId),
                    audit);
            steps.add(new Step(event.timestampMillis(), form, event, audit == null));
            if (audit == null) {
                parentSpanId = spanId;
            }
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "JourneyScript[%s, %d steps]", correlationId, steps.size());
    }
}
