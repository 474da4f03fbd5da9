package dev.throughline.policy.document;

import dev.throughline.telemetry.JsonWriter;
import java.util.List;

/**
 * One thing that is wrong with a policy.
 *
 * @param pointer RFC 6901, from the document's root; empty for a file as a whole
 * @param code stable, lower-case words joined by underscores
 * @param detail a sentence for people
 */
public record Problem(Place place, String pointer, String code, String detail) {
    /** {@code file:line:column: code: detail (at /pointer)}. */
    @Override
    public String toString() {
        return place + ": " + code + ": " + detail + (pointer.isEmpty() ? "" : " (at " + pointer + ")");
    }

    /** Several as a JSON array of {@code file}, {@code line}, {@code column}, {@code pointer}, {@code code}, {@code detail}. */
    public static void json(List<Problem> problems, JsonWriter out) {
        out.raw('[');
        String comma = "";
        for (Problem problem : problems) {
            out.ascii(comma).raw('{').member("file").string(problem.place().file());
            out.member("line").number(problem.place().line());
            out.member("column").number(problem.place().column());
            out.member("pointer").string(problem.pointer());
            out.member("code").string(problem.code());
            out.member("detail").string(problem.detail()).raw('}');
            comma = ",";
        }
        out.raw(']');
    }
}
