package dev.throughline.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.masking.detect.Detector;
import dev.throughline.telemetry.Edits;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingSessionTest {
    static final String EVENT =
            "{\"timestamp\":\"2026-01-26T10:24:18.442Z\",\"level\":\"ERROR\",\"service\":\"integration-worker\","
                    + "\"environment\":\"production\",\"correlation_id\":\"corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K\",\"tenant_id\":\"acme_eu_01\","
                    + "\"connector\":\"crm_to_erp.order_sync\",\"entity_type\":\"order\",\"entity_id\":\"SO-104928\","
                    + "\"event_name\":\"order.status.updated\",\"attempt\":3,\"duration_ms\":842,\"error_code\":\"ERP_TIMEOUT\","
                    + "\"http\":{\"method\":\"POST\",\"status\":504,\"route\":\"/erp/orders/status\"},"
                    + "\"message\":\"ERP API timeout during status update\",\"tags\":[\"slo:latency\",\"dlq:candidate\"],"
                    + "\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"span_id\":\"00f067aa0ba902b7\"}";

    private final MaskingSession session = Masking.builtIn();

    @Test
    void aCleanEventIsLeftAsItIs() {
        assertThat(Masking.log(session, EVENT, true)).isEqualTo(EVENT);
        assertThat(Masking.log(session, EVENT, false)).isEqualTo(EVENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":\"mail jane@example.com now\"} | {\"a\":\"mail [EMAIL] now\"}",
                "{\"a\":\"jane\\u0040example.com\"} | {\"a\":\"[EMAIL]\"}",
                "{\"a\":\"x\\ny jane\\u0040example.com \\\"q\\\"\"} | {\"a\":\"x\\ny [EMAIL] \\\"q\\\"\"}",
                "{\"jane@example.com\":1,\"john@example.com\":2} | {\"[EMAIL]\":1,\"[EMAIL]_2\":2}",
                "{\"n\":4111111111111111} | {\"n\":\"[CARD]\"}",
                "{\"n\":4.111111111111111E15} | {\"n\":\"[CARD]\"}",
                "{\"n\":4111111111111111.0} | {\"n\":\"[CARD]\"}",
                "{\"n\":1769422158442} | {\"n\":1769422158442}",
                "{\"bsn_number\":111222333} | {\"bsn_number\":\"[NL_BSN]\"}",
                "{\"order_no\":111222333} | {\"order_no\":111222333}",
                "{\"a\":[{\"b\":\"1.2.3.4\"},[\"+4930123456\"]]} | {\"a\":[{\"b\":\"[IP]\"},[\"[PHONE]\"]]}",
                "{\"p\":\"{\\\"to\\\":\\\"jane@example.com\\\",\\\"first_name\\\":\\\"Jane\\\"}\"} | {\"p\":\"{\\\"to\\\":\\\"[EMAIL]\\\",\\\"first_name\\\":\\\"[NAME]\\\"}\"}",
                "{\"u\":\"https://h/x?email=jane%40example.com&page=2\"} | {\"u\":\"https://h/x?email=[EMAIL]&page=2\"}",
                "{\"u\":\"postgres://app:s3cr3t@db.internal:5432/erp\"} | {\"u\":\"postgres://app:[SECRET]@db.internal:5432/erp\"}",
                "{\"server.address\":\"erp.acme.com\",\"customer.address\":\"Main St 1\"} | {\"server.address\":\"erp.acme.com\",\"customer.address\":\"[ADDRESS]\"}",
                "{\"customer\":{\"lastName\":\"Doe\",\"city\":\"Bonn\"}} | {\"customer\":{\"lastName\":\"[NAME]\",\"city\":\"Bonn\"}}",
                "{\"address\":{\"street\":\"Main St 1\",\"zip\":12345,\"ok\":true}} | {\"address\":{\"street\":\"[ADDRESS]\",\"zip\":\"[ADDRESS]\",\"ok\":true}}",
                "{\"list\":[{\"key\":\"phone\",\"value\":\"030 12\"}]} | {\"list\":[{\"key\":\"phone\",\"value\":\"[PHONE]\"}]}",
                "\"call +49 30 1234567\" | \"call [PHONE]\"",
                "{\"a\":\"pay DE89 3704 0044 0532 0130 00 by card 4111-1111-1111-1111\"} | {\"a\":\"pay [IBAN] by card [CARD]\"}",
                "{\"a\":\"Bearer abcdef1234567890 and password=hunter2; x\"} | {\"a\":\"Bearer [SECRET] and password=[SECRET]; x\"}",
                "{\"a\":\"body {\\\"api_key\\\": \\\"abc123def456\\\", \\\"n\\\": 1} cut\"} | {\"a\":\"body {\\\"api_key\\\": \\\"[SECRET]\\\", \\\"n\\\": 1} cut\"}",
                "{\"page_token\":\"abc\",\"n\":null,\"password\":null} | {\"page_token\":\"abc\",\"n\":null,\"password\":null}"
            })
    void masksWhereverItStands(String before, String after) {
        assertThat(Masking.document(session, before)).isEqualTo(after);
        assertThat(Masking.document(session, after)).isEqualTo(after);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "contraseña",
                "Contraseña",
                "CONTRASEÑA",
                "contrasen\u0303a",
                "contrasena",
                "mot de passe",
                "Mot-de-passe",
                "passwort",
                "Kennwort",
                "senha",
                "Wachtwoord",
                "hasło",
                "HASŁO",
                "haslo",
                "parola",
                "şifre",
                "Şifre",
                "ŞIFRE",
                "sifre",
                "Lösenord",
                "пароль",
                "ПАРОЛЬ",
                "密码",
                "user_contraseña"
            })
    void aPasswordIsASecretInAnyLanguage(String word) {
        for (String sign : List.of(": ", "=", " : ", "\u00A0: ", " = ", ":")) {
            String text = "login x, " + word + sign + "secret";
            assertThat(session.maskText(text)).isEqualTo(text.replace("secret", "[SECRET]"));
            assertThat(session.maskText(session.maskText(text))).isEqualTo(session.maskText(text));
        }
        assertThat(session.maskText(word + ": null")).isEqualTo(word + ": null");
        assertThat(session.maskText("her " + word + " was reset")).isEqualTo("her " + word + " was reset");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"contraseña", "senha", "motDePasse", "hasło", "Şifre", "kennwort", "wachtwoord", "user_parola"})
    void aFieldThatIsNamedPasswordInAnyLanguageIsRedacted(String name) {
        assertThat(Masking.document(session, "{\"" + name + "\":\"x y\"}"))
                .isEqualTo("{\"" + name + "\":\"[SECRET]\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client 1 84 12 76 451 089 46 a appelé", "1.84.12.76.451.089.46", "1-84-12-76-451-089-46",
                "NIR 1 84 12 76 451 089 / 46", "NIR 1 84 12 76 451 089 (46)", "NIR 1 84 12 76 451 089  46 x",
                "NIR 1841276451089 clé 46", "NIR 1 84 12 76 451 089 clé : 46", "nir 2 69 05 2A 588 157 80 x"
            })
    void theKeyOfANirIsMaskedWithIt(String text) {
        assertThat(session.maskText(text)).contains("[FR_NIR]").doesNotContain("46", "80", "089", "157");
    }

    @Test
    void aWrongKeyOfANirIsMaskedWithItToo() {
        assertThat(session.maskText("NIR 1 84 12 76 451 089 47 inconnu")).isEqualTo("NIR [FR_NIR] inconnu");
        assertThat(session.maskText("NIR 1 84 12 76 451 089 inconnu")).isEqualTo("NIR [FR_NIR] inconnu");
        assertThat(session.maskText("NIR 1 84 12 76 451 089 et 2 autres")).isEqualTo("NIR [FR_NIR] et 2 autres");
    }

    @Test
    void bytesThatHoldTextAreRedactedAsAWhole() {
        String hidden = Base64.getEncoder().encodeToString("to jane@example.com".getBytes(StandardCharsets.UTF_8));
        String masked =
                Masking.document(session, "{\"b\":{\"$bytes\":\"" + hidden + "\"},\"c\":{\"$bytes\":\"AAEC\"}}");
        assertThat(masked).isEqualTo("{\"b\":{\"$bytes\":\"W1JFREFDVEVEXQ==\"},\"c\":{\"$bytes\":\"AAEC\"}}");
        assertThat(Masking.document(session, masked)).isEqualTo(masked);
    }

    @Test
    void orderNumbersInAnEntityIdSurviveAndAnEmailThereDoesNot() {
        String event = EVENT.replace("SO-104928", "4111111111111111");
        assertThat(Masking.log(session, event, true)).isEqualTo(event);
        assertThat(Masking.log(session, EVENT.replace("SO-104928", "jane@example.com"), true))
                .contains("\"entity_id\":\"[EMAIL]\"");
    }

    @Test
    void nothingIsProtectedInARecordThatBreaksItsContract() {
        String event = EVENT.replace("acme_eu_01", "jane@example.com").replace("ERP_TIMEOUT", "+49 30 1234567");
        assertThat(Masking.log(session, event, false))
                .contains("\"tenant_id\":\"[EMAIL]\"", "\"error_code\":\"[PHONE]\"")
                .contains("corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    }

    @Test
    void aSpansStructureSurvivesAndItsAttributesAreMasked() {
        String span =
                "{\"resource\":{\"attributes\":{\"service.name\":\"erp\",\"host.ip\":\"10.1.2.3\"}},\"scope\":{\"name\":\"s\"},"
                        + "\"span\":{\"traceId\":\"41111111111111114111111111111111\",\"spanId\":\"4111111111111111\",\"name\":\"mail jane@example.com\","
                        + "\"kind\":2,\"startTimeUnixNano\":\"4111111111111111\",\"flags\":257,\"attributes\":{\"card\":4111111111111111,"
                        + "\"n\":{\"first_name\":\"Jane\"},\"traceId\":\"4111111111111111\"},\"status\":{\"code\":2,\"message\":\"password=abc1\"}}}";
        assertThat(Masking.log(session, Masking.record(Signal.SPAN, span), true))
                .isEqualTo(
                        "{\"resource\":{\"attributes\":{\"service.name\":\"erp\",\"host.ip\":\"[IP]\"}},\"scope\":{\"name\":\"s\"},"
                                + "\"span\":{\"traceId\":\"41111111111111114111111111111111\",\"spanId\":\"4111111111111111\",\"name\":\"mail [EMAIL]\","
                                + "\"kind\":2,\"startTimeUnixNano\":\"4111111111111111\",\"flags\":257,\"attributes\":{\"card\":\"[CARD]\","
                                + "\"n\":{\"first_name\":\"[NAME]\"},\"traceId\":\"[CARD]\"},\"status\":{\"code\":2,\"message\":\"password=[SECRET]\"}}}");
    }

    @Test
    void droppedMembersLeaveGoodJson() {
        MaskingRules rules = MaskingRules.builder()
                .field("x", new Action.Drop())
                .path("/o/*/secret", new Action.Drop())
                .path("/keep", new Action.Keep())
                .builtInDetectors()
                .build();
        MaskingSession dropping = new Masker(rules, null).session();
        assertThat(Masking.document(dropping, "{\"x\":1,\"a\":2,\"x\\u0020\":3}"))
                .isEqualTo("{\"a\":2}");
        assertThat(Masking.document(dropping, "{\"a\":2,\"X\":\"s\",\"x\":{\"y\":[1]},\"b\":3}"))
                .isEqualTo("{\"a\":2,\"b\":3}");
        assertThat(Masking.document(dropping, "{\"x\":1,\"X\":2}")).isEqualTo("{\"dropped\":true}");
        assertThat(Masking.document(dropping, "{\"a\":{\"x\":1}}")).isEqualTo("{\"a\":{}}");
        assertThat(Masking.document(dropping, "{\"o\":[{\"secret\":1,\"n\":2}],\"secret\":3}"))
                .isEqualTo("{\"o\":[{\"n\":2}],\"secret\":3}");
        assertThat(Masking.document(dropping, "{\"keep\":{\"e\":\"a@b.com\"},\"e\":\"a@b.com\"}"))
                .isEqualTo("{\"keep\":{\"e\":\"a@b.com\"},\"e\":\"[EMAIL]\"}");
    }

    @Test
    void theLastCharactersAreKeptWhereTheRuleSaysSo() {
        MaskingRules rules = MaskingRules.builder()
                .detector(Detector.CARD, new Action.Mask(4))
                .field("name", new Action.Mask(1))
                .build();
        MaskingSession keeping = new Masker(rules, null).session();
        String masked = Masking.document(
                keeping, "{\"m\":\"card 4111 1111 1111 1111 declined\",\"name\":\"Zoë\",\"n\":{\"name\":\"é\"}}");
        assertThat(masked)
                .isEqualTo("{\"m\":\"card **** **** **** 1111 declined\",\"name\":\"**ë\",\"n\":{\"name\":\"*\"}}");
        assertThat(Masking.document(keeping, masked)).isEqualTo(masked);
    }

    @Test
    void pseudonymsAreStableWithinATenantAndDifferBetweenTenants() {
        MaskingRules.Builder rules = MaskingRules.builder();
        for (Detector detector : List.of(Detector.EMAIL, Detector.PHONE, Detector.IBAN, Detector.CARD)) {
            rules.detector(detector, new Action.Pseudonymise(detector.label()));
        }
        MaskingSession naming = new Masker(rules.build(), Masking.KEYS).session();
        String one = Masking.log(naming, "{\"tenant_id\":\"a\",\"m\":\"Jane@Example.com\"}", true);
        assertThat(one).matches("\\{\"tenant_id\":\"a\",\"m\":\"pii:v1:email:k1:[a-z2-7]{20}\"}");
        assertThat(Masking.log(naming, "{\"tenant_id\":\"b\",\"m\":\"jane@example.com\"}", true)
                        .substring(18))
                .isNotEqualTo(one.substring(18));
        assertThat(Masking.log(naming, "{\"tenant_id\":\"a\",\"m\":\"jane@example.com\"}", true))
                .isEqualTo(one);
        assertThat(Masking.log(naming, one, true)).isEqualTo(one);
        assertThat(Masking.log(naming, "{\"m\":\"+49 (0)30 1234567\"}", true))
                .isEqualTo(Masking.log(naming, "{\"m\":\"0049301234567\"}", true));
        assertThat(Masking.log(naming, "{\"m\":\"DE89 3704 0044 0532 0130 00\"}", true))
                .isEqualTo(Masking.log(naming, "{\"m\":\"de89370400440532013000\"}", true));
        assertThatThrownBy(() -> new Masker(rules.build(), null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anExceededBoundFailsClosedAndEditsNothing() {
        String mails = "{\"a\":\"a@b.com\",\"b\":\"c@d.com\",\"c\":\"[[\\\"[\\\\\\\"[1,2]\\\\\\\"]\\\"]]\"}";
        for (MaskingBounds bounds :
                List.of(new MaskingBounds(8, 10, 4), new MaskingBounds(1000, 1, 4), new MaskingBounds(1000, 10, 0))) {
            MaskingSession bounded = new Masker(
                            MaskingRules.builder()
                                    .builtInDetectors()
                                    .bounds(bounds)
                                    .build(),
                            null)
                    .session();
            Edits edits = new Edits();
            assertThat(bounded.mask(Masking.record(Signal.LOG, mails), edits, true))
                    .isInstanceOf(Outcome.Failed.class);
            assertThat(edits.count()).isZero();
            assertThat(bounded.mask(Masking.record(Signal.LOG, "{\"a\":\"x\"}"), edits, true))
                    .isEqualTo(new Outcome.Masked());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "page_token",
                "next_token",
                "next_page_token",
                "continuation_token",
                "sync_token",
                "token_type",
                "token_count",
                "password_policy"
            })
    void aNameThatOnlySoundsLikeASecretDoesNotHideOne(String name) {
        assertThat(Masking.document(session, "{\"" + name + "\":\"opaque\"}"))
                .isEqualTo("{\"" + name + "\":\"opaque\"}");
        assertThat(Masking.document(
                        session,
                        "{\"" + name + "\":{\"a\":[\"jane@example.com\",{\"phone\":\"0171 23\"}]},\"x\":{\"" + name
                                + "\":\"jane@example.com\"}}"))
                .isEqualTo("{\"" + name + "\":{\"a\":[\"[EMAIL]\",{\"phone\":\"[PHONE]\"}]},\"x\":{\"" + name
                        + "\":\"[EMAIL]\"}}");
        MaskingSession kept = new Masker(
                        MaskingRules.builder()
                                .field(name, new Action.Keep())
                                .builtInDetectors()
                                .builtInFields()
                                .build(),
                        null)
                .session();
        assertThat(Masking.document(kept, "{\"" + name + "\":[\"jane@example.com\"]}"))
                .isEqualTo("{\"" + name + "\":[\"jane@example.com\"]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "postgres://app:$ecretPlanted9@db.internal/crm | postgres://app:[SECRET]@db.internal/crm",
                "amqp://u:*SecretPl@h:5672 | amqp://u:[SECRET]@h:5672",
                "mysql://u:{brace}Pw@h/db | mysql://u:[SECRET]@h/db",
                "mysql://u:[brace]Pw@h/db | mysql://u:[SECRET]@h/db",
                "password=$ecretPlanted | password=[SECRET]",
                "password=[brPlanted] | password=[SECRET]",
                "(password=[brPlanted]) | (password=[SECRET])",
                "password={curlyPlanted}, x | password=[SECRET], x",
                "password=[brPlanted | password=[SECRET]",
                "password={curly}Planted | password=[SECRET]",
                "password=${PW:-planted} | password=[SECRET]",
                "password=$ABCplanted | password=[SECRET]",
                "password=[SECRET]planted | password=[SECRET]",
                "\"password\": \"$ecretPlanted\" | \"password\": \"[SECRET]\"",
                "\"password\": \"[br] Planted\" | \"password\": \"[SECRET]\""
            })
    void aSecretMayBeginLikeAPlaceholder(String text, String masked) {
        assertThat(session.maskText(text)).isEqualTo(masked);
        assertThat(session.maskText(masked)).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${DB_PASSWORD}",
                "$DB_PASSWORD",
                "$(pass show db)",
                "{{ vault.db }}",
                "{{pw}}",
                "${{ secrets.DB }}",
                "%VAULT_PW%",
                "[REDACTED]",
                "[EMAIL]",
                "[EMAIL]_[X]",
                "***",
                "<your-password>",
                "{}",
                "{0}",
                "%s",
                "${A}${B}"
            })
    void aCompletePlaceholderIsLeftAlone(String placeholder) {
        for (String text : List.of("password=%, x", "\"password\": \"%\"", "(password: %)", "password=%")) {
            String whole = text.replace("%", placeholder);
            if (!placeholder.equals("[EMAIL]_[X]")) {
                assertThat(session.maskText(whole)).isEqualTo(whole);
            }
            assertThat(session.maskText(session.maskText(whole))).isEqualTo(session.maskText(whole));
        }
        String url = "mysql://u:" + placeholder.replace(" ", "") + "@h/db";
        if (!placeholder.equals("[EMAIL]_[X]") && !placeholder.equals("%s")) {
            assertThat(session.maskText(url)).isEqualTo(url);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"entity_id", "request_id", "idempotency_key"})
    void whatNoBusinessNumberLooksLikeIsMaskedInTheContractsIdsToo(String field) {
        for (String value : List.of("+49 151 23456789", "+4915123456789", "536-90-4399", "RSSMRA85T10A562S")) {
            String event = EVENT.replace("\"entity_id\"", "\"other\"")
                    .replace("\"attempt\"", "\"" + field + "\":\"" + value + "\",\"attempt\"");
            assertThat(Masking.log(session, event, true)).doesNotContain(value).contains("\"" + field + "\":\"[");
        }
        for (String value : List.of("SO-536-90-4399", "536-90-4399-1", "49151234567890", "SO+1", "536904399")) {
            String event = EVENT.replace("\"entity_id\"", "\"other\"")
                    .replace("\"attempt\"", "\"" + field + "\":\"" + value + "\",\"attempt\"");
            assertThat(Masking.log(session, event, true)).isEqualTo(event);
        }
        String card = EVENT.replace("\"entity_id\"", "\"other\"")
                .replace("\"attempt\"", "\"" + field + "\":\"4111111111111111\",\"attempt\"");
        assertThat(Masking.log(session, card, true).contains("4111111111111111"))
                .isEqualTo(field.equals("entity_id"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<password>PlantedPw1</password> | <password>[SECRET]</password>",
                "<ns:Password type='t'>PlantedPw1</ns:Password> | <ns:Password type='t'>[SECRET]</ns:Password>",
                "<password><![CDATA[PlantedPw1]]></password> | <password><![CDATA[[SECRET]]]></password>",
                "<a><password>PlantedPw1 | <a><password>[SECRET]",
                "use <your-password>, x | use <your-password>, x",
                "<password/><a>x</a> | <password/><a>x</a>",
                "<password></password><a>x</a> | <password></password><a>x</a>",
                "run --password PlantedPw1 --host h | run --password [SECRET] --host h",
                "run --db-password 'Planted Pw1' x | run --db-password '[SECRET]' x",
                "run --password --host h | run --password --host h",
                "https://hooks.slack.com/services/T00000000/B00000000/XXXXplantedXXXX | https://hooks.slack.com/services/[SECRET]",
                "got ya29.a0AfH6SMBplanted-Planted_1 now | got [SECRET] now",
                "card4111111111111111 | card[CARD]",
                "#4111111111111111 | #[CARD]",
                "4111_1111_1111_1111 | [CARD]",
                "ring +4915112345678 | ring [PHONE]"
            })
    void isMaskedInOtherSpellings(String text, String masked) {
        assertThat(session.maskText(text)).isEqualTo(masked);
        assertThat(session.maskText(masked)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource({
        "tenant_id, DE89370400440532013000, [IBAN]",
        "tenant_id, 4111-1111-1111-1111, [CARD]",
        "connector, 4111-1111-1111-1111, [CARD]",
        "error_code, AKIAIOSFODNN7EXAMPLE, [SECRET]",
        "tenant_id, acme_eu_01, acme_eu_01",
        "connector, crm_to_erp.order_sync, crm_to_erp.order_sync",
        "error_code, ERP_TIMEOUT, ERP_TIMEOUT",
        "tenant_id, 4111111111111111, 4111111111111111"
    })
    void whatIsSurelyPersonalIsMaskedInTheContractsOwnNames(String field, String text, String masked) {
        String event = EVENT.replaceFirst("\"" + field + "\":\"[^\"]*\",?", "")
                .replaceFirst("\\{", "{\"" + field + "\":\"" + text + "\",");
        assertThat(Masking.log(session, event, true)).contains("\"" + field + "\":\"" + masked + "\"");
    }

    @Test
    void aValueIsNamedByItsSiblingNameToo() {
        assertThat(Masking.document(
                        session, "[{\"name\":\"phone\",\"value\":\"0171 2345678\"},{\"name\":\"n\",\"value\":\"x\"}]"))
                .isEqualTo("[{\"name\":\"phone\",\"value\":\"[PHONE]\"},{\"name\":\"n\",\"value\":\"x\"}]");
    }

    @Test
    void aQuarantineEntryHoldsTheMaskedRecordAndItsSlots() {
        ReceivedRecord record = Masking.record(
                Signal.LOG,
                EVENT.replace("ERP API", "jane@example.com").replace("\"attempt\":3", "\"attempt\":{\"a\":1}"));
        Edits edits = new Edits();
        assertThat(session.mask(record, edits, false)).isEqualTo(new Outcome.Masked());
        MaskedRecords target = new MaskedRecords();
        QuarantineReason reason = new QuarantineReason(
                "schema_violation",
                "type_mismatch",
                "/x/bob@example.com",
                "type",
                List.of(new QuarantineReason.Violation("type_mismatch", "/x/bob@example.com", "type")),
                3);
        session.appendQuarantine(target, reason, record, edits, Masking.STAMP, 7, 8);
        assertThat(RecordFrame.lengthIfValid(target.bytes(), 0, target.length(), new CRC32C()))
                .isEqualTo(target.length());
        RecordFrame frame = new RecordFrame().wrap(target.bytes(), 0);
        assertThat(new String(frame.payload(), StandardCharsets.UTF_8))
                .startsWith(
                        "{\"reason\":\"schema_violation\",\"code\":\"type_mismatch\",\"pointer\":\"/x/[EMAIL]\",\"keyword\":\"type\","
                                + "\"violation_count\":3,\"violations\":[{\"code\":\"type_mismatch\",\"pointer\":\"/x/[EMAIL]\",\"keyword\":\"type\"}],"
                                + "\"signal\":\"log\",\"correlation_id\":\"corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K\",\"tenant_id\":\"acme_eu_01\","
                                + "\"connector\":\"crm_to_erp.order_sync\",\"record\":{")
                .contains("[EMAIL] timeout")
                .doesNotContain("example.com");
        assertThat(frame.signal()).isEqualTo(Signal.QUARANTINE_ENTRY);
        assertThat(frame.text(Field.CORRELATION_ID)).isEqualTo("corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K");
        assertThat(frame.text(Field.TENANT_ID)).isEqualTo("acme_eu_01");
        assertThat(frame.text(Field.CONNECTOR)).isEqualTo("crm_to_erp.order_sync");
        assertThat(frame.text(Field.ENTITY_ID)).isEqualTo("SO-104928");
        assertThat(frame.text(Field.TRACE_ID)).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(frame.has(Field.ATTEMPT)).isFalse();
        assertThat(frame.idHigh()).isEqualTo(7);
    }

    @Test
    void anEntryWithoutABodyHoldsOnlyIdsThatHaveTheirForm() {
        MaskedRecords target = new MaskedRecords();
        Outcome.Failed failed = new Outcome.Failed(Outcome.Failure.INTERNAL_ERROR);
        String event = EVENT.replace("acme_eu_01", "Jane Doe").replace("crm_to_erp.order_sync", "4111111111111111");
        session.appendQuarantine(
                target,
                QuarantineReason.maskingFailed(failed),
                Masking.record(Signal.LOG, event),
                null,
                Masking.STAMP,
                1,
                2);
        session.appendQuarantine(
                target, QuarantineReason.of("malformed_body", "malformed_json"), Signal.SPAN, Masking.STAMP, 1, 2);
        RecordFrame frame = new RecordFrame().wrap(target.bytes(), 0);
        assertThat(new String(frame.payload(), StandardCharsets.UTF_8))
                .isEqualTo("{\"reason\":\"masking_failed\",\"code\":\"masking_internal_error\",\"signal\":\"log\","
                        + "\"correlation_id\":\"corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K\"}");
        assertThat(frame.has(Field.TENANT_ID)).isFalse();
        assertThat(frame.has(Field.ENTITY_ID)).isFalse();
        frame.wrap(target.bytes(), frame.length());
        assertThat(new String(frame.payload(), StandardCharsets.UTF_8))
                .isEqualTo("{\"reason\":\"malformed_body\",\"code\":\"malformed_json\",\"signal\":\"span\"}");
    }

    @Test
    void editsOfTheContractsOwnFieldsAreKept() {
        ReceivedRecord record =
                Masking.record(Signal.LOG, EVENT.replace("\"acme_eu_01\"", "17").replace("ERP API", "a@b.com"));
        Edits edits = new Edits();
        int tenant = record.node(Field.TENANT_ID);
        edits.replace(
                record.tape().start(tenant), record.tape().start(tenant), "\"".getBytes(StandardCharsets.US_ASCII));
        edits.replace(record.tape().end(tenant), record.tape().end(tenant), "\"".getBytes(StandardCharsets.US_ASCII));
        assertThat(session.mask(record, edits, true)).isEqualTo(new Outcome.Masked());
        MaskedRecords target = new MaskedRecords();
        session.append(target, record, edits, Masking.STAMP, 0, 1, 2);
        assertThat(new String(new RecordFrame().wrap(target.bytes(), 0).payload(), StandardCharsets.UTF_8))
                .contains("\"tenant_id\":\"17\"", "[EMAIL] timeout");
    }

    @Test
    void hitsAreCountedByDetectorUntilTheyAreDrained() {
        Masking.document(session, "{\"a\":\"a@b.com c@d.com\",\"first_name\":\"x\",\"i\":\"10.1.2.3\"}");
        Map<String, Long> hits = new TreeMap<>();
        session.drainHits(hits::put);
        assertThat(hits).containsOnly(Map.entry("email", 2L), Map.entry("field", 1L), Map.entry("ip", 1L));
        hits.clear();
        session.drainHits(hits::put);
        assertThat(hits).isEmpty();
    }
}
