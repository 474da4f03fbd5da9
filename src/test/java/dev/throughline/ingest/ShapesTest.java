package dev.throughline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.Defects;
import dev.throughline.contract.TraceJoins;
import dev.throughline.policy.ActivePolicy.InForce;
import dev.throughline.policy.PolicyLoader;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A session that knows the shapes of its records does with each what a session that has never seen one does. */
class ShapesTest {
    private static final int TEMPLATES = 60;
    private static final int RECORDS = 40;

    private final InForce inForce = new InForce(new PolicyLoader().builtIn(), null);
    private final JsonTape tape = new JsonTape(new JsonTape.Limits(32, 10_000, 131_072));

    private IngestSession session() {
        IngestSession.Shared shared = new IngestSession.Shared(
                new TraceJoins(1_024),
                new RecentRecords(16),
                new byte[16],
                new IngestMetrics(new SimpleMeterRegistry(), new Defects(new SimpleMeterRegistry())));
        return new IngestSession(tape, shared, inForce, new RequestBatch());
    }

    private List<Object> outcome(IngestSession session, Signal signal, byte[] json) throws JsonSyntaxException {
        RequestBatch batch = new RequestBatch();
        Tally tally = new Tally(10, 10);
        session.begin(inForce, batch, tally, 1);
        tape.parseWhole(json);
        session.take(signal, json, 0, json.length, 1);
        session.end();
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < Stream.count(); i++) {
            var records = batch.records(Stream.ofOrdinal(i));
            all.add(new String(records.bytes(), 0, records.length(), StandardCharsets.ISO_8859_1));
        }
        all.add(tally.refusals());
        all.add(tally.accepted());
        return all;
    }

    @Test
    void whatIsKnownOfALogsShapeChangesNothing() throws JsonSyntaxException {
        compare(Signal.LOG);
    }

    @Test
    void whatIsKnownOfASpansShapeChangesNothing() throws JsonSyntaxException {
        compare(Signal.SPAN);
    }

    private void compare(Signal signal) throws JsonSyntaxException {
        long seed = Long.getLong("seed", 20261125L);
        int accepted = 0;
        for (int template = 0; template < TEMPLATES; template++) {
            Random shape = new Random(seed + template);
            List<String> members = signal == Signal.LOG ? template(shape) : List.of(span(shape));
            IngestSession learning = session();
            for (int i = 0; i < RECORDS; i++) {
                Random values = new Random(seed * 31 + template * 1_000L + i);
                byte[] json = record(members, values).getBytes(StandardCharsets.UTF_8);
                List<Object> learned = outcome(learning, signal, json);
                assertThat(learned)
                        .as(() -> "-Dseed=" + seed + ": " + new String(json, StandardCharsets.UTF_8))
                        .isEqualTo(outcome(session(), signal, json));
                accepted += (int) learned.getLast();
            }
        }
        assertThat(accepted).isBetween(TEMPLATES * RECORDS / 4, TEMPLATES * RECORDS - 1);
    }

    /** Members with {@code $} where a value of some kind goes. */
    private static List<String> template(Random random) {
        List<String> members = new ArrayList<>(List.of(
                "\"timestamp\":$time",
                "\"level\":$level",
                "\"correlation_id\":$corr",
                "\"tenant_id\":" + (random.nextInt(4) == 0 ? "$int" : "$word"),
                "\"connector\":$word",
                "\"entity_type\":$word",
                "\"entity_id\":$text",
                "\"event_name\":$event",
                "\"attempt\":$int",
                "\"error_code\":$code"));
        List<String> more = new ArrayList<>(List.of(
                "\"message\":$text",
                "\"service\":$word",
                "\"trace_id\":$hex32",
                "\"span_id\":$hex16",
                "\"duration_ms\":$number",
                "\"customer_email\":$text",
                "\"phone\":$number",
                "\"count\":$int",
                "\"key\":$word,\"value\":$text",
                "\"tags\":[$word,$text]",
                "\"http\":{\"method\":$word,\"status\":$int,\"route\":$text}",
                "\"nested\":{\"first_name\":$text,\"list\":[{\"iban\":$text},{\"note\":$text}]}",
                "\"password\":$text",
                "\"blob\":{\"$bytes\":$text}",
                "\"jane@example.com\":$text",
                "\"payload\":$json",
                "\"audit\":{\"actor\":$text,\"source_system\":$word,\"action\":$word,\"before\":null,\"after\":$text}",
                "\"\\u0063ustomer_phone\":$number",
                "\"e\\u006dail\":$text",
                "\"\\u0024bytes\":$text",
                "\"nothing\":null"));
        java.util.Collections.shuffle(more, random);
        members.addAll(more.subList(0, random.nextInt(9)));
        java.util.Collections.shuffle(members, random);
        return members;
    }

    private static String span(Random random) {
        List<String> attributes = new ArrayList<>(template(random));
        attributes.add("\"error.type\":" + (random.nextBoolean() ? "$code" : "$text"));
        attributes.removeIf(member -> member.contains("null") || member.contains("\"value\""));
        return "\"resource\":{\"attributes\":{\"service.name\":$word}},\"scope\":{},\"span\":{\"traceId\":$hex32,"
                + "\"spanId\":$hex16,\"name\":$event,\"kind\":2,\"startTimeUnixNano\":$nanos,\"endTimeUnixNano\":$nanos,"
                + "\"attributes\":{" + String.join(",", attributes) + "}}";
    }

    private static String record(List<String> members, Random random) {
        StringBuilder json = new StringBuilder("{");
        for (String member : members) {
            json.append(json.length() > 1 ? "," : "");
            int at = 0;
            while (at < member.length()) {
                int dollar = member.indexOf('$', at);
                if (dollar < 0 || member.startsWith("$bytes", dollar)) {
                    json.append(member, at, dollar < 0 ? member.length() : dollar + 6);
                    at = dollar < 0 ? member.length() : dollar + 6;
                    continue;
                }
                json.append(member, at, dollar);
                int end = dollar + 1;
                while (end < member.length() && Character.isLetterOrDigit(member.charAt(end))) {
                    end++;
                }
                json.append(value(member.substring(dollar + 1, end), random));
                at = end;
            }
        }
        return json.append('}').toString();
    }

    private static String value(String kind, Random random) {
        boolean wrong = random.nextInt(60) == 0;
        return switch (kind) {
            case "time" -> wrong ? "\"yesterday\"" : "\"2026-01-26T10:24:18." + random.nextInt(1_000) + "Z\"";
            case "nanos" -> wrong ? "\"jane@example.com\"" : "\"17694230580000000" + random.nextInt(10, 100) + "\"";
            case "level" -> one(random, "\"INFO\"", "\"ERROR\"", wrong ? "\"LOUD\"" : "\"WARN\"");
            case "corr" -> "\"corr_01HRVQ8QX8K6YB2T9M2WZ2FQ" + (wrong ? "3" : random.nextInt(10, 100)) + "\"";
            case "word" -> wrong ? "\"Ünïcode!\"" : one(random, "\"acme\"", "\"crm_to_erp.orders\"", "\"x7\"");
            case "event" -> wrong ? "\"one\"" : one(random, "\"order.created\"", "\"stock.level.updated\"");
            case "code" -> wrong ? "\"bad code\"" : one(random, "\"ERP_TIMEOUT\"", "\"E2\"");
            case "int" -> wrong ? "-5" : Integer.toString(random.nextInt(1, 1_000));
            case "number" -> one(random, "842", "12.5", "4111111111111111", "1e3", "491701234567");
            case "hex32" ->
                wrong
                        ? "\"00000000000000000000000000000000\""
                        : "\"4bf92f3577b34da6a3ce929d0e0e47" + random.nextInt(10, 100) + "\"";
            case "hex16" -> "\"00f067aa0ba902" + random.nextInt(10, 100) + "\"";
            case "json" -> one(random, "\"{\\\"mail\\\":\\\"jane@example.com\\\"}\"", "\"[1,2]\"", "\"{broken\"");
            default ->
                one(
                        random,
                        "\"plain words\"",
                        "\"mail jane@example.com now\"",
                        "\"DE89370400440532013000\"",
                        "\"call +49 170 1234567\"",
                        "\"caf\\u00e9 \\\"quoted\\\"\"",
                        "\"naïve\"",
                        "\"Bearer abcdefghijklmnopqrstuvwxyz0123\"",
                        "\"\"",
                        "\"4111 1111 1111 1111\"");
        };
    }

    private static String one(Random random, String... choices) {
        return Arrays.asList(choices).get(random.nextInt(choices.length));
    }
}
