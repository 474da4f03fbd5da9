package dev.throughline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.policy.PolicyTrial.Result;
import dev.throughline.policy.RecordRules.Enforcement;
import dev.throughline.telemetry.Stream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the sections of a policy do to a record. */
class PolicyRulesTest {
    @TempDir
    Path directory;

    private Policy policy(String body) {
        Policies.write(directory, "policy.yaml", body);
        return new PolicyLoader().load(directory);
    }

    private static Result log(Policy policy, String connector, String tenant, String more) {
        return new PolicyTrial(policy).log(Policies.log(connector, tenant, more).getBytes(StandardCharsets.UTF_8));
    }

    private static String refusal(Result result) {
        return result instanceof Result.Refused refused ? refused.code() + " " + refused.pointer() : "";
    }

    private static String masked(Result result) {
        return result instanceof Result.Accepted accepted ? accepted.record() : "refused: " + refusal(result);
    }

    @Test
    void theBuiltInPolicyTreatsAllAlike() {
        Policy policy = new PolicyLoader().builtIn();
        assertThat(policy.isUniform()).isTrue();
        assertThat(policy.rulesOf("a", "b")).isSameAs(policy.rules());
        assertThat(policy.rules().correlation().mapping()).isEqualTo(Enforcement.COUNT);
    }

    @Test
    void aSchemaHoldsForTheConnectorsAndTenantsThatUseIt() {
        Policy policy = policy("""
                contract:
                  schemas:
                    - {name: orders/v1, extends: integration-log/v1, schema: {required: [order_no], properties: {order_no: {type: string}}}}
                    - {name: strict/v1, extends: orders/v1, schema: {required: [currency]}}
                  use:
                    - {schema: strict/v1, connectors: [shop.*], tenants: [acme]}
                    - {schema: orders/v1, connectors: [shop.*, "*.orders"]}
                """);
        assertThat(refusal(log(policy, "crm.leads", "acme", ""))).isEmpty();
        assertThat(refusal(log(policy, "crm.orders", "acme", ""))).isEqualTo("missing_field /order_no");
        assertThat(refusal(log(policy, "shop.import", "other", ",\"order_no\":\"1\"")))
                .isEmpty();
        assertThat(refusal(log(policy, "shop.import", "acme", ",\"order_no\":\"1\"")))
                .isEqualTo("missing_field /currency");
        assertThat(policy.rulesOf("shop.a", "acme")).isSameAs(policy.rulesOf("shop.b", "acme"));
    }

    @Test
    void undeclaredFieldsAreRefusedWhereThePolicySaysSo() {
        Policy policy = policy("""
                contract:
                  schemas: [{name: orders/v1, extends: integration-log/v1, schema: {properties: {order_no: {type: string}}}}]
                  use: [{schema: orders/v1, connectors: [shop]}]
                  undeclared_fields: refuse
                tenants: {free: {overrides: {undeclared_fields: allow}}}
                """);
        assertThat(refusal(log(policy, "shop", "acme", ",\"order_no\":\"1\""))).isEmpty();
        assertThat(refusal(log(policy, "shop", "acme", ",\"surprise\":1"))).isEqualTo("bad_field_name /*");
        assertThat(refusal(log(policy, "shop", "free", ",\"surprise\":1"))).isEmpty();
        assertThat(refusal(log(policy, "crm", "acme", ",\"order_no\":\"1\""))).isEqualTo("bad_field_name /*");
    }

    @Test
    void errorCodesAreDeclaredByConnectorOrForAll() {
        Policy policy = policy("""
                contract:
                  error_codes: {"*": [TIMEOUT], shop: [PAYMENT_UNKNOWN]}
                  undeclared_error_codes: refuse
                tenants: {free: {overrides: {undeclared_error_codes: count}}}
                """);
        assertThat(refusal(log(policy, "shop", "acme", ",\"error_code\":\"TIMEOUT\"")))
                .isEmpty();
        assertThat(refusal(log(policy, "shop", "acme", ",\"error_code\":\"PAYMENT_UNKNOWN\"")))
                .isEmpty();
        assertThat(refusal(log(policy, "crm", "acme", ",\"error_code\":\"PAYMENT_UNKNOWN\"")))
                .isEqualTo("undeclared_error_code /error_code");
        assertThat(refusal(log(policy, "crm", "free", ",\"error_code\":\"PAYMENT_UNKNOWN\"")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "order.approved, order, '', AUDIT",
        "order.approved, lead, '', OPERATIONAL_LOGS",
        "order.\\u0061pproved, \\u006frder, '', AUDIT",
        "credit.limit.raised, lead, '', AUDIT",
        "creditor.created, lead, '', OPERATIONAL_LOGS",
        "order.created, order, ',\"retain\":\"legal\"', AUDIT",
        "order.created, order, ',\"retain\":true', AUDIT",
        "order.created, order, ',\"retain\":\"no\"', OPERATIONAL_LOGS",
        "order.created, order, ',\"meta\":{\"hold\":0}', AUDIT",
        "order.created, order, ',\"meta\":{\"hold\":null}', OPERATIONAL_LOGS",
        "order.quiet, order, ',\"meta\":{\"hold\":1}', OPERATIONAL_LOGS",
        "order.created, order, ',\"audit\":{\"actor\":\"a\",\"source_system\":\"b\",\"action\":\"c\",\"event_hash\":\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"}', AUDIT",
    })
    void routesAreByEventEntityAndField(String event, String entity, String more, Stream expected) {
        Policy policy = policy("""
                routes:
                  - {stream: operational.logs, event_name: order.quiet}
                  - {stream: audit, event_name: "*.approved", entity_type: [order, invoice]}
                  - {stream: audit, event_name: credit.*}
                  - {stream: audit, field: {path: /retain, equals: [legal, true]}}
                  - {stream: audit, field: {path: /meta/hold}}
                """);
        String json = Policies.log("shop", "acme", more)
                .replace("order.created", event)
                .replace("\"entity_type\":\"order\"", "\"entity_type\":\"" + entity + "\"");
        Result result = new PolicyTrial(policy).log(json.getBytes(StandardCharsets.UTF_8));
        assertThat(result).isInstanceOf(Result.Accepted.class);
        assertThat(((Result.Accepted) result).stream()).isEqualTo(expected);
    }

    @Test
    void aTenantHasDetectorsOfItsOwn() {
        Policy policy = policy("""
                masking: {detectors: {phone: {action: mask, keep_last: 3}}}
                tenants:
                  hard: {overrides: {detectors: {phone: {action: redact}, ip: {action: mask}}}}
                  soft: {overrides: {detectors: {phone: {action: keep}}}}
                """);
        String text = ",\"message\":\"call +49 30 1234567 from 192.0.2.7\"";
        assertThat(masked(log(policy, "shop", "acme", text))).contains("call *** ** ****567 from [IP]");
        assertThat(masked(log(policy, "shop", "hard", text))).contains("call [PHONE] from *********");
        assertThat(masked(log(policy, "shop", "soft", text))).contains("call +49 30 1234567 from [IP]");
        assertThat(policy.maskers()).hasSize(3);
    }

    @Test
    void aProtectedFieldIsMaskedOnlyWhereItIsPersonalBeyondDoubt() {
        Policy policy = policy("masking: {protected: [doc_no, /ref/phone]}\n");
        String more =
                ",\"doc_no\":\"4111111111111111\",\"ref\":{\"phone\":\"4711\"},\"other\":{\"phone\":\"4711\",\"no\":\"4111111111111111\"}";
        assertThat(masked(log(policy, "shop", "acme", more)))
                .contains("\"doc_no\":\"4111111111111111\"")
                .contains("\"ref\":{\"phone\":\"4711\"}")
                .contains("\"other\":{\"phone\":\"[PHONE]\",\"no\":\"[CARD]\"}");
        assertThat(masked(log(policy, "shop", "acme", ",\"doc_no\":\"jane@example.com\"")))
                .contains("\"doc_no\":\"[EMAIL]\"");
    }

    /** More rules by path than a word has bits, wildcards among them. */
    @Test
    void hundredsOfRulesByPathAreTakenInTheirOrder() {
        StringBuilder rules = new StringBuilder("masking:\n  fields:\n");
        rules.append("    - {path: /items/*/a17, action: keep}\n");
        for (int i = 0; i < 400; i++) {
            rules.append("    - {path: /items/*/a")
                    .append(i)
                    .append("/x, action: redact, label: X")
                    .append(i)
                    .append("}\n");
        }
        rules.append("    - {path: \"/items/*/*/y\", action: redact, label: Y}\n");
        rules.append("    - {path: /items/0/a3/y, action: redact, label: FIRST}\n");
        Policy policy = policy(rules.toString());
        String more =
                ",\"items\":[{\"a3\":{\"x\":\"1\",\"y\":\"2\",\"z\":\"3\"},\"a399\":{\"x\":\"4\"},\"a17\":{\"x\":\"5\"}},{\"a3\":{\"y\":\"6\"}}]";
        assertThat(masked(log(policy, "shop", "acme", more)))
                .contains(
                        "[{\"a3\":{\"x\":\"[X3]\",\"y\":\"[Y]\",\"z\":\"3\"},\"a399\":{\"x\":\"[X399]\"},\"a17\":{\"x\":\"5\"}},"
                                + "{\"a3\":{\"y\":\"[Y]\"}}]");
    }

    @Test
    void theMappingOfIdsIsCheckedAtItsBoundaries() {
        Policy policy = policy("contract: {correlation: {mapping: refuse, missing: refuse}}\n");
        assertThat(refusal(log(policy, "shop", "acme", ""))).isEqualTo("correlation_id_missing /correlation_id");
        String id = ",\"correlation_id\":\"corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K\"";
        assertThat(refusal(log(policy, "shop", "acme", id))).as("no boundary").isEmpty();
        String request = Policies.log("shop", "acme", id).replace("order.created", "erp.api.request");
        assertThat(refusal(new PolicyTrial(policy).log(request.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("correlation_mapping /trace_id");
        assertThat(refusal(new PolicyTrial(policy)
                        .log(request.replace("erp.api", "erp\\u002eapi").getBytes(StandardCharsets.UTF_8))))
                .as("however it is written")
                .isEqualTo("correlation_mapping /trace_id");
        String whole = request.replace(
                "\"attempt\":1",
                "\"attempt\":1,\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"request_id\":\"r1\",\"idempotency_key\":\"i1\"");
        assertThat(refusal(new PolicyTrial(policy).log(whole.getBytes(StandardCharsets.UTF_8))))
                .isEmpty();
    }

    /** However the record was written, a case compares what it says. */
    @Test
    void aCaseComparesValuesAndNotHowTheyAreWritten() {
        Policies.raw(directory, "cases.yaml", """
                apiVersion: throughline.dev/v1
                kind: PolicyTest
                cases:
                  - name: escapes and numbers
                    record: '%s'
                    expect: {masked: {note: "a/b \\u00e9 \\U0001F600", n: 100, x: [1, {y: true, z: null}]}}
                  - name: what is not so
                    record: '%s'
                    expect: {masked: {note: "a/c", n: 101, x: [1], z: 1}}
                """.formatted(escaped(), escaped()));
        Policies.write(directory, "policy.yaml", "");
        assertThat(Policies.problems(directory))
                .extracting(problem -> problem.replaceAll(".*masked: | \\(at.*", ""))
                .containsExactly("/note is otherwise", "/n is otherwise", "/x is otherwise", "/z is not there");
    }

    private static String escaped() {
        return Policies.log(
                "shop",
                "acme",
                ",\"note\":\"a\\/b \\u00e9 \\ud83d\\ude00\",\"n\":1e2,\"x\":[1.0,{\"y\":true,\"z\":null}]");
    }

    @ParameterizedTest
    @CsvSource({
        "a, a, true",
        "a, b, false",
        "'', '', true",
        "*, '', true",
        "a*, a, true",
        "*a, ba, true",
        "*a, ab, false",
        "a*b*c, aXbYc, true",
        "a*b*c, abc, true",
        "a*b*c, acb, false",
        "**, x, true",
        "a*a, a, false",
        "*.b.*, a.b.c, true",
    })
    void aPatternMatches(String pattern, String text, boolean expected) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(NamePattern.of(pattern).matches(bytes, 0, bytes.length)).isEqualTo(expected);
    }

    @Test
    void aPatternOfManyStarsDoesNotRunAway() {
        byte[] text = "a".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        assertThat(NamePattern.of("*a*a*a*a*a*a*a*b").matches(text, 0, text.length))
                .isFalse();
    }
}
