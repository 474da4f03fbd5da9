package dev.throughline.ingest;

import dev.throughline.telemetry.JsonWriter;

/** The answers of {@code POST /v1/events}: counts, or a problem (RFC 9457). Stateless. */
final class JsonAnswers {
    private static final String PROBLEMS = "https://throughline.dev/problems/";

    private JsonAnswers() {}

    /** {@code {"received":…,"accepted":…,"refused":…,"duplicates":…,"correlation_ids":[…],"refusals":[…]}}. */
    static byte[] counts(Tally tally) {
        JsonWriter out = new JsonWriter(256);
        out.raw('{');
        members(tally, out);
        return out.raw('}').toByteArray();
    }

    /** The problem of a request of which every record was refused: 422 with the same list. */
    static byte[] allRefused(Tally tally) {
        JsonWriter out = problemHead(422, "all_records_refused", "Every record was refused; see refusals.");
        out.raw(',');
        members(tally, out);
        return out.raw('}').toByteArray();
    }

    static byte[] problem(int status, String code, String detail) {
        return problemHead(status, code, detail).raw('}').toByteArray();
    }

    private static JsonWriter problemHead(int status, String code, String detail) {
        JsonWriter out = new JsonWriter(256);
        out.raw('{').member("type").string(PROBLEMS + code);
        out.member("title").string(code.replace('_', ' '));
        out.member("status").number(status);
        out.member("code").string(code);
        return out.member("detail").string(detail);
    }

    private static void members(Tally tally, JsonWriter out) {
        out.ascii("\"received\":").number(tally.received());
        out.member("accepted").number(tally.accepted());
        out.member("refused").number(tally.refused());
        out.member("duplicates").number(tally.duplicates());
        out.member("correlation_ids").raw('[');
        boolean first = true;
        for (Tally.GeneratedId id : tally.generated()) {
            out.ascii(first ? "{" : ",{").member("index").number(id.index());
            out.member("correlation_id").string(id.correlationId()).raw('}');
            first = false;
        }
        out.raw(']').member("refusals").raw('[');
        first = true;
        for (Refusal refusal : tally.refusals()) {
            out.ascii(first ? "{" : ",{").member("index").number(refusal.index());
            out.member("code").string(refusal.code());
            out.member("pointer").string(refusal.pointer());
            if (!refusal.keyword().isEmpty()) {
                out.member("keyword").string(refusal.keyword());
            }
            if (!refusal.correlationId().isEmpty()) {
                out.member("correlation_id").string(refusal.correlationId());
            }
            out.raw('}');
            first = false;
        }
        out.raw(']');
    }
}
