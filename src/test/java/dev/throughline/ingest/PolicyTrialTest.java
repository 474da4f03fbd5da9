package dev.throughline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.Defects;
import dev.throughline.contract.TraceJoins;
import dev.throughline.policy.ActivePolicy.InForce;
import dev.throughline.policy.Policy;
import dev.throughline.policy.PolicyLoader;
import dev.throughline.policy.PolicyTrial;
import dev.throughline.policy.PolicyTrial.Result;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a trial says of a policy is what ingest does under it, whatever connector and tenant a record is of, known shapes or not. */
class PolicyTrialTest {
    private static final String[] CONNECTORS = {
        "crm_to_erp.order_sync",
        "shop.order_import",
        "erp.inventory_sync",
        "billing.invoice_run",
        "notify.customer_mail"
    };
    private static final String[] TENANTS = {"acme_eu_01", "acme_us_01", "partner_test", "unheard_of"};
    private static final String[] MORE = {
        "",
        ",\"order\":{\"currency\":\"EUR\",\"total\":12.5}",
        ",\"order\":{\"currency\":\"EUR\",\"total\":12.5,\"ship_to\":\"Jane\"}",
        ",\"order\":{\"currency\":\"eur\",\"total\":-1}",
        ",\"stock\":{\"sku\":\"A-1234\",\"quantity\":3}",
        ",\"customer_ref\":\"K-47110815\",\"message\":\"call +49 30 1234567 from 192.0.2.7\"",
        ",\"error_code\":\"TIMEOUT\"",
        ",\"error_code\":\"NEVER_HEARD_OF\"",
        ",\"retain\":\"legal\",\"contacts\":[{\"note\":\"x\"},{\"note\":\"y\"}]",
        ",\"sap_document_no\":\"4111111111111111\",\"vat_id\":\"XX 1\""
    };
    private static final String[] EVENTS = {"order.created", "order.approved", "price.changed", "erp.api.request"};

    private final JsonTape tape = new JsonTape(new JsonTape.Limits(32, 10_000, 131_072));

    private static String log(Random random) {
        return "{\"timestamp\":\"2026-01-26T10:24:18.442Z\",\"level\":\"INFO\",\"correlation_id\":\"corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K\""
                + ",\"tenant_id\":\"" + TENANTS[random.nextInt(TENANTS.length)] + "\",\"connector\":\""
                + CONNECTORS[random.nextInt(CONNECTORS.length)] + "\",\"entity_type\":\"order\",\"entity_id\":\"SO-"
                + random.nextInt(1000) + "\",\"event_name\":\"" + EVENTS[random.nextInt(EVENTS.length)]
                + "\",\"attempt\":" + random.nextInt(3) + MORE[random.nextInt(MORE.length)] + "}";
    }

    @Test
    void isWhatIngestDoes() throws Exception {
        Policy policy = new PolicyLoader().load(Path.of("deploy/policy/large"));
        PolicyTrial trial = new PolicyTrial(policy);
        InForce inForce = new InForce(policy, null);
        IngestSession session = new IngestSession(
                tape,
                new IngestSession.Shared(
                        new TraceJoins(1_024),
                        new RecentRecords(16),
                        new byte[16],
                        new IngestMetrics(new SimpleMeterRegistry(), new Defects(new SimpleMeterRegistry()))),
                inForce,
                new RequestBatch());
        Random random = new Random(7);
        int accepted = 0;
        int audited = 0;
        for (int i = 0; i < 30_000; i++) {
            byte[] json = log(random).getBytes(StandardCharsets.UTF_8);
            String ingest = ingest(session, inForce, json);
            String tried = switch (trial.log(json.clone())) {
                case Result.Accepted(Stream stream, String record) -> stream + " " + record;
                case Result.Refused(String code, String pointer, String keyword) ->
                    code + " " + pointer + " " + keyword;
            };
            assertThat(withoutOwn(ingest))
                    .as(new String(json, StandardCharsets.UTF_8))
                    .isEqualTo(withoutOwn(tried));
            accepted += tried.contains("{") ? 1 : 0;
            audited += tried.startsWith("AUDIT") ? 1 : 0;
        }
        assertThat(accepted).isBetween(5_000, 25_000);
        assertThat(audited).isGreaterThan(1_000);
    }

    /** What ingest adds, and the id that it replaces where the sender's is not trusted. */
    private static String withoutOwn(String outcome) {
        return outcome.replaceAll("\"sender_correlation_id\":\"[^\"]*\",", "")
                .replaceAll("\"correlation_source\":\"[^\"]*\",", "")
                .replaceAll("corr_[0-9A-Z]{26}", "corr_");
    }

    private String ingest(IngestSession session, InForce inForce, byte[] json) throws Exception {
        RequestBatch batch = new RequestBatch();
        Tally tally = new Tally(10, 10);
        session.begin(inForce, batch, tally, 1);
        tape.parseWhole(json);
        session.take(Signal.LOG, json, 0, json.length, 1);
        session.end();
        for (Stream stream : new Stream[] {Stream.AUDIT, Stream.OPERATIONAL_LOGS}) {
            var records = batch.records(stream);
            if (records.count() > 0) {
                RecordFrame frame = new RecordFrame().wrap(records.bytes(), 0);
                assertThat(frame.policyHash()).isEqualTo(inForce.policy().hashPrefix());
                return stream + " " + new String(frame.payload(), StandardCharsets.UTF_8);
            }
        }
        Refusal refusal = tally.refusals().getFirst();
        return refusal.code() + " " + refusal.pointer() + " " + refusal.keyword();
    }
}
