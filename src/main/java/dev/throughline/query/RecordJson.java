package dev.throughline.query;

import dev.throughline.storage.QuarantinedRecord;
import dev.throughline.storage.StoredRecord;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.RecordId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Records as JSON: the fields that correlate them, and the masked document as it is kept. */
public final class RecordJson {
    private static final Field[] TEXTS = {
        Field.CORRELATION_ID,
        Field.TENANT_ID,
        Field.CONNECTOR,
        Field.ENTITY_TYPE,
        Field.ENTITY_ID,
        Field.EVENT_NAME,
        Field.LEVEL,
        Field.ERROR_CODE,
        Field.TRACE_ID,
        Field.SPAN_ID
    };

    private RecordJson() {}

    /** An object left open, so that the caller can add members before the {@link #document}. */
    public static void open(JsonWriter out, StoredRecord stored) {
        RecordFrame frame = stored.frame();
        out.raw('{').member("time").string(time(stored.eventMicros()));
        out.member("received_at").string(time(frame.receivedMillis() * 1_000));
        out.member("stream").string(stored.stream().label());
        out.member("signal").string(frame.signal().name().toLowerCase(Locale.ROOT));
        out.member("record_id").string(RecordId.toString(frame.idHigh(), frame.idLow()));
        out.member("policy").string(policy(frame));
        out.member("correlation").string(origin(frame));
        texts(out, frame);
    }

    public static void record(JsonWriter out, StoredRecord stored) {
        open(out, stored);
        document(out, stored.frame());
        out.raw('}');
    }

    /** A quarantine entry: its counts, and what ingest noted, as it stands. */
    public static void entry(JsonWriter out, QuarantinedRecord entry) {
        RecordFrame frame = entry.frame();
        out.raw('{').member("record_id").string(RecordId.toString(frame.idHigh(), frame.idLow()));
        out.member("first_seen").string(time(entry.firstSeenMillis() * 1_000));
        out.member("last_seen").string(time(entry.lastSeenMillis() * 1_000));
        out.member("count").number(entry.count());
        out.member("policy").string(policy(frame));
        out.member("entry").raw(frame.bytes(), frame.payloadOffset(), frame.payloadOffset() + frame.payloadLength());
        out.raw('}');
    }

    /** The member {@code record}: the masked document. */
    public static void document(JsonWriter out, RecordFrame frame) {
        out.member("record").raw(frame.bytes(), frame.payloadOffset(), frame.payloadOffset() + frame.payloadLength());
    }

    private static void texts(JsonWriter out, RecordFrame frame) {
        for (Field field : TEXTS) {
            if (frame.has(field)) {
                out.member(field.key()).string(frame.text(field));
            }
        }
        attempt(out, frame);
    }

    /** The member {@code attempt} as a number, where the record has one. */
    public static void attempt(JsonWriter out, RecordFrame frame) {
        String attempt = frame.text(Field.ATTEMPT);
        if (!attempt.isEmpty() && attempt.length() <= 9 && attempt.chars().allMatch(c -> c >= '0' && c <= '9')) {
            out.member(Field.ATTEMPT.key()).number(Long.parseLong(attempt));
        }
    }

    /** The short hash of the policy that it was taken under. */
    private static String policy(RecordFrame frame) {
        return HexFormat.of().toHexDigits(frame.policyHash());
    }

    /** Where the correlation id came from. */
    private static String origin(RecordFrame frame) {
        if (!frame.has(Field.CORRELATION_ID)) {
            return "none";
        }
        int flags = frame.flags();
        if ((flags & RecordFrame.GENERATED_CORRELATION) != 0) {
            return "generated";
        }
        if ((flags & RecordFrame.JOINED_CORRELATION) != 0) {
            return "joined";
        }
        return (flags & RecordFrame.HEADER_CORRELATION) != 0 ? "header" : "sent";
    }

    /** RFC 3339 in UTC. */
    public static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    public static void nullable(JsonWriter out, String name, @Nullable String value) {
        out.member(name);
        if (value == null) {
            out.ascii("null");
        } else {
            out.string(value);
        }
    }

    public static void strings(JsonWriter out, String name, Collection<String> values) {
        out.member(name).raw('[');
        boolean more = false;
        for (String value : values) {
            if (more) {
                out.raw(',');
            }
            out.string(value);
            more = true;
        }
        out.raw(']');
    }
}
