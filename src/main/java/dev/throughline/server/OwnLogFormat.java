package dev.throughline.server;

import dev.throughline.contract.CorrelationIds;
import dev.throughline.masking.Masker;
import dev.throughline.masking.MaskingRules;
import dev.throughline.masking.MaskingSession;
import dev.throughline.telemetry.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jspecify.annotations.Nullable;

/**
 * One line of the process's own log: a record of {@code integration-log/v1}, so that it can be read, checked and even sent like any
 * other. The process is the entity, one correlation id stands for one life of it, the event is named after the logger. Texts pass
 * the detectors, because messages of libraries quote what they were given. Thread-safe.
 */
final class OwnLogFormat extends ExtFormatter {
    private static final String SELF = "throughline";
    private static final int TEXT_LENGTH_MAX = 8_192;
    /** What is masked at most, so that nothing is cut before it was recognised. */
    private static final int MASKED_LENGTH_MAX = 65_536;

    private static final int NAME_LENGTH_MAX = 128;
    private static final int CODE_LENGTH_MAX = 64;
    private static final int CAUSES_MAX = 4;
    private static final int FRAMES_MAX = 16;
    private static final String NO_CODE = "LOGGED_ERROR";

    private final String environment;
    private final String process;
    private final String correlationId;
    private final MaskingSession masking = new Masker(MaskingRules.builtIn(), null).session();

    /**
     * @param environment such as {@code production}
     * @param process the entity id: pid and host
     */
    OwnLogFormat(String environment, String process, InstantSource clock, RandomGenerator random) {
        this.environment = environment;
        this.process = process;
        this.correlationId = new String(new CorrelationIds(clock, random).next(), StandardCharsets.US_ASCII);
    }

    @Override
    public synchronized String format(ExtLogRecord record) {
        String level = level(record.getLevel().intValue());
        JsonWriter out = new JsonWriter(512);
        out.raw('{').member("timestamp").string(record.getInstant().toString());
        out.member("level").string(level);
        out.member("service").string(SELF);
        out.member("environment").string(environment);
        out.member("correlation_id").string(correlationId);
        out.member("tenant_id").string(SELF);
        out.member("connector").string(SELF);
        out.member("entity_type").string("process");
        out.member("entity_id").string(process);
        out.member("event_name").string(eventName(record.getLoggerName()));
        out.member("attempt").number(1);
        if (level.equals("ERROR") || level.equals("FATAL")) {
            out.member("error_code").string(errorCode(record.getThrown()));
        }
        out.member("message").string(text(formatMessage(record)));
        out.member("thread").string(text(record.getThreadName()));
        trace(out, "trace_id", record.getMdc("traceId"), 32);
        trace(out, "span_id", record.getMdc("spanId"), 16);
        thrown(out, record.getThrown());
        return new String(out.raw('}').raw('\n').toByteArray(), StandardCharsets.UTF_8);
    }

    /** {@code java.util.logging}'s numbers, with those of JBoss between them. */
    private static String level(int value) {
        if (value >= 1_100) {
            return "FATAL";
        }
        if (value >= 1_000) {
            return "ERROR";
        }
        if (value >= 900) {
            return "WARN";
        }
        if (value >= 800) {
            return "INFO";
        }
        return value >= 500 ? "DEBUG" : "TRACE";
    }

    /** {@code dev.throughline.server.DeliveryMeters} is {@code throughline.server.delivery_meters}. */
    static String eventName(@Nullable String logger) {
        String name = snake(logger == null ? "" : logger, '.').toLowerCase(Locale.ROOT);
        if (name.startsWith("dev.throughline.")) {
            name = name.substring("dev.".length());
        }
        if (name.isEmpty()) {
            return "log.unnamed";
        }
        if (name.charAt(0) < 'a' || name.indexOf('.') < 0) {
            name = "log." + name;
        }
        int end = Math.min(name.length(), NAME_LENGTH_MAX);
        return name.substring(0, name.charAt(end - 1) == '.' ? end - 1 : end);
    }

    /** {@code java.net.BindException} is {@code BIND_EXCEPTION}. */
    static String errorCode(@Nullable Throwable thrown) {
        if (thrown == null) {
            return NO_CODE;
        }
        String name = thrown.getClass().getName();
        String code = snake(name.substring(name.lastIndexOf('.') + 1), '_').toUpperCase(Locale.ROOT);
        code = code.length() > CODE_LENGTH_MAX ? code.substring(0, CODE_LENGTH_MAX) : code;
        return code.length() > 1 && code.charAt(0) >= 'A' && code.charAt(0) <= 'Z' ? code : NO_CODE;
    }

    /** Words of letters and digits of ASCII, joined by underscores within a part and by {@code separator} between parts. */
    private static String snake(String name, char separator) {
        StringBuilder words = new StringBuilder(name.length() + 8);
        char previous = separator;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9')) {
                c = separator;
            }
            boolean hump = c >= 'A' && c <= 'Z' && previous >= 'a' && previous <= 'z';
            if (hump) {
                words.append('_');
            }
            if (c != separator || previous != separator) {
                words.append(c);
            }
            previous = c;
        }
        int length = words.length();
        if (length > 0 && words.charAt(length - 1) == separator) {
            words.setLength(length - 1);
        }
        return words.toString();
    }

    private static void trace(JsonWriter out, String member, @Nullable String id, int length) {
        if (id != null && isHex(id, length)) {
            out.member(member).string(id);
        }
    }

    private static boolean isHex(String id, int length) {
        return id.length() == length
                && id.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))
                && id.chars().anyMatch(c -> c != '0');
    }

    /** The kinds, what they say, and where the first came from; bounded, so that a line is one write. */
    private void thrown(JsonWriter out, @Nullable Throwable thrown) {
        if (thrown == null) {
            return;
        }
        out.member("exceptions").raw('[');
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
            out.ascii(i == 0 ? "{" : ",{")
                    .member("type")
                    .string(cause.getClass().getName());
            out.member("message")
                    .string(text(String.valueOf(cause.getMessage())))
                    .raw('}');
            cause = cause.getCause();
        }
        out.raw(']').member("stack").raw('[');
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, FRAMES_MAX); i++) {
            out.ascii(i == 0 ? "" : ",").string(frames[i].toString());
        }
        out.raw(']');
    }

    /** Masked first and cut then: half an address is not recognised. */
    private String text(@Nullable String text) {
        String given = text == null ? "" : text;
        String masked = given.length() > MASKED_LENGTH_MAX ? "[REDACTED]" : masking.maskText(given);
        return masked.length() > TEXT_LENGTH_MAX ? masked.substring(0, TEXT_LENGTH_MAX) : masked;
    }
}
