package dev.throughline.cli.load;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Records as careless connectors send them: each breaks the contract in one way. */
final class Flaws {
    private static final Pattern TENANT = Pattern.compile("\"tenant_id\":\"[^\"]*\",");
    private static final Pattern LEVEL = Pattern.compile("\"level\":\"[A-Z]+\"");
    private static final Pattern ATTEMPT = Pattern.compile("\"attempt\":[0-9]+");
    private static final Pattern CORRELATION = Pattern.compile("\"correlation_id\":\"corr_");
    private static final Pattern EVENT_NAME = Pattern.compile("\"event_name\":\"[^\"]*\"");
    private static final Pattern TIMESTAMP = Pattern.compile("(\"timestamp\":\"[^\"]*)Z\"");

    private static final List<UnaryOperator<String>> KINDS = List.of(
            line -> TENANT.matcher(line).replaceFirst(""),
            line -> LEVEL.matcher(line).replaceFirst("\"level\":\"WARNING\""),
            line -> ATTEMPT.matcher(line).replaceFirst("\"attempt\":0"),
            line -> CORRELATION.matcher(line).replaceFirst("\"correlation_id\":\"order-"),
            line -> EVENT_NAME.matcher(line).replaceFirst("\"event_name\":\"OrderCreated\""),
            line -> TIMESTAMP.matcher(line).replaceFirst("$1\""));

    private Flaws() {}

    /** A request of one record that conforms but for one thing. */
    static RequestBody request(Event event, Draws draws) {
        String line = new String(WireForm.NDJSON.render(List.of(event)).bytes(), StandardCharsets.UTF_8);
        byte[] flawed = draws.one(KINDS).apply(line).getBytes(StandardCharsets.UTF_8);
        return new RequestBody(WireForm.NDJSON, flawed, 1, new int[0], new int[0]);
    }
}
