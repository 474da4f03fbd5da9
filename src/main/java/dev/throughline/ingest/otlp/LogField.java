package dev.throughline.ingest.otlp;

import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.otlp.NameTable;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The members of {@code integration-log/v1} that come from attributes, in the order they are written, each with the attribute
 * keys that give it. Of several keys on one level the first of the list wins; a key of the schema may carry {@code throughline.}
 * and then wins over the bare one. The ordinal is a bit in an {@code int}.
 */
enum LogField {
    SERVICE("service", "service.name"),
    ENVIRONMENT("environment", "deployment.environment.name", "deployment.environment"),
    CORRELATION_ID("correlation_id"),
    TENANT_ID("tenant_id"),
    CONNECTOR("connector"),
    ENTITY_TYPE("entity_type"),
    ENTITY_ID("entity_id"),
    EVENT_NAME("event_name"),
    ATTEMPT("attempt"),
    ERROR_CODE("error_code", "error.type"),
    DURATION_MS("duration_ms"),
    HTTP("http"),
    HTTP_METHOD("http.method", "http.request.method"),
    HTTP_STATUS("http.status", "http.response.status_code"),
    HTTP_ROUTE("http.route"),
    TAGS("tags"),
    REQUEST_ID("request_id"),
    IDEMPOTENCY_KEY("idempotency_key"),
    RECORD_UID("log.record.uid"),
    AUDIT("audit");

    static final String PREFIX = "throughline.";
    /** The members that are written into one {@code http} object. */
    static final int HTTP_PARTS = 1 << HTTP_METHOD.ordinal() | 1 << HTTP_STATUS.ordinal() | 1 << HTTP_ROUTE.ordinal();

    static final int HTTP_WHOLE = 1 << HTTP.ordinal();

    private static final LogField[] VALUES = values();
    private static final int RANKS = 8;
    private static final byte[][] KEY_BYTES = new byte[VALUES.length * RANKS][];
    private static final NameTable KEYS = keys();

    private final String member;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> aliases;

    @SuppressWarnings("ImmutableEnumChecker") // never written; arrays have no immutable form
    private final byte[] jsonPrefix;

    LogField(String member, String... aliases) {
        this.member = member;
        this.aliases = List.of(aliases);
        String written = member.startsWith("http.") ? member.substring("http.".length()) : member;
        this.jsonPrefix = ("\"" + written + "\":").getBytes(StandardCharsets.US_ASCII);
    }

    private static NameTable keys() {
        NameTable table = new NameTable(64);
        for (LogField field : VALUES) {
            int found = field.ordinal() * RANKS;
            put(table, PREFIX + field.member, found++);
            put(table, field.member, found++);
            for (String alias : field.aliases) {
                put(table, alias, found++);
            }
        }
        return table;
    }

    private static void put(NameTable table, String key, int found) {
        table.put(key, found);
        KEY_BYTES[found] = key.getBytes(StandardCharsets.US_ASCII);
    }

    /** Which key of which field it is: for {@link #of} and {@link #key}; -1 for none. Of one field the least is the strongest. */
    static int find(byte[] key, int from, int to) {
        return KEYS.get(key, from, to, JsonTape.hash(key, from, to));
    }

    static LogField of(int found) {
        return VALUES[found / RANKS];
    }

    /** The attribute key itself; not to be changed. */
    static byte[] key(int found) {
        return KEY_BYTES[found];
    }

    static int count() {
        return VALUES.length;
    }

    /** The member's name in quotes and a colon. */
    byte[] jsonPrefix() {
        return jsonPrefix;
    }

    /** Whether only a value in the shape of an error code is taken from this key. */
    static boolean isErrorType(int found) {
        return of(found) == ERROR_CODE && found % RANKS > 1;
    }

    /** Whether an integer or number given as a string is written as what it says. */
    boolean isNumber() {
        return this == ATTEMPT || this == DURATION_MS || this == HTTP_STATUS;
    }
}
