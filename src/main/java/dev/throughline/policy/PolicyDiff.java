package dev.throughline.policy;

import dev.throughline.policy.PolicyTrial.Result;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What another policy makes otherwise of the same records. Holds no values: kinds, codes and pointers only. Not thread-safe. */
public final class PolicyDiff {
    /** Pointers listed of one record. */
    private static final int POINTERS_MAX = 8;

    private final PolicyTrial before;
    private final PolicyTrial after;
    private final JsonTape one = new JsonTape();
    private final JsonTape other = new JsonTape();
    private final Map<Kind, Long> counts = new TreeMap<>();
    private long records;

    /** How a record's fate changes. */
    public enum Kind {
        NEWLY_REFUSED,
        NEWLY_ACCEPTED,
        REFUSED_OTHERWISE,
        ROUTED_OTHERWISE,
        MASKED_OTHERWISE
    }

    /**
     * A change.
     *
     * @param detail codes, streams or pointers
     */
    public record Change(Kind kind, String detail) {}

    public PolicyDiff(Policy before, Policy after) {
        this.before = new PolicyTrial(before);
        this.after = new PolicyTrial(after);
    }

    /** The changes of one log; none where all stays as it is. */
    public List<Change> log(byte[] json) {
        records++;
        List<Change> changes = new ArrayList<>();
        Result old = before.log(json.clone());
        Result now = after.log(json.clone());
        switch (old) {
            case Result.Accepted was -> {
                switch (now) {
                    case Result.Accepted is -> accepted(was, is, changes);
                    case Result.Refused is -> changes.add(new Change(Kind.NEWLY_REFUSED, told(is)));
                }
            }
            case Result.Refused was -> {
                switch (now) {
                    case Result.Accepted is ->
                        changes.add(new Change(
                                Kind.NEWLY_ACCEPTED,
                                was.code() + " → " + is.stream().label()));
                    case Result.Refused is -> {
                        if (!was.equals(is)) {
                            changes.add(new Change(Kind.REFUSED_OTHERWISE, told(was) + " → " + told(is)));
                        }
                    }
                }
            }
        }
        changes.forEach(change -> counts.merge(change.kind(), 1L, Long::sum));
        return changes;
    }

    private static String told(Result.Refused refused) {
        return refused.code()
                + (refused.pointer().isEmpty() ? "" : " at " + refused.pointer())
                + (refused.keyword().isEmpty() ? "" : " (" + refused.keyword() + ")");
    }

    private void accepted(Result.Accepted was, Result.Accepted is, List<Change> changes) {
        if (was.stream() != is.stream()) {
            changes.add(new Change(
                    Kind.ROUTED_OTHERWISE,
                    was.stream().label() + " → " + is.stream().label()));
        }
        if (!was.record().equals(is.record())) {
            List<String> pointers = new ArrayList<>();
            try {
                one.parseWhole(was.record().getBytes(StandardCharsets.UTF_8));
                other.parseWhole(is.record().getBytes(StandardCharsets.UTF_8));
                compare(0, 0, "", pointers);
            } catch (JsonSyntaxException e) {
                throw new IllegalStateException("a masked record is not JSON", e);
            }
            changes.add(new Change(Kind.MASKED_OTHERWISE, String.join(" ", pointers)));
        }
    }

    /** Notes where two documents differ. */
    private void compare(int a, int b, String pointer, List<String> pointers) {
        if (pointers.size() >= POINTERS_MAX) {
            return;
        }
        if (one.kind(a) == JsonTape.OBJECT && other.kind(b) == JsonTape.OBJECT) {
            for (int key = one.firstChild(a); key < one.next(a); key = one.next(one.value(key))) {
                String name = one.text(key);
                int found = member(other, b, name);
                if (found < 0) {
                    pointers.add(pointer + "/" + name);
                } else {
                    compare(one.value(key), found, pointer + "/" + name, pointers);
                }
            }
            for (int key = other.firstChild(b); key < other.next(b); key = other.next(other.value(key))) {
                if (member(one, a, other.text(key)) < 0 && pointers.size() < POINTERS_MAX) {
                    pointers.add(pointer + "/" + other.text(key));
                }
            }
        } else if (one.kind(a) == JsonTape.ARRAY
                && other.kind(b) == JsonTape.ARRAY
                && one.childCount(a) == other.childCount(b)) {
            int index = 0;
            for (int i = one.firstChild(a), j = other.firstChild(b);
                    i < one.next(a);
                    i = one.next(i), j = other.next(j)) {
                compare(i, j, pointer + "/" + index++, pointers);
            }
        } else if (!same(a, b)) {
            pointers.add(pointer);
        }
    }

    private static int member(JsonTape tape, int object, String name) {
        for (int key = tape.firstChild(object); key < tape.next(object); key = tape.next(tape.value(key))) {
            if (tape.text(key).equals(name)) {
                return tape.value(key);
            }
        }
        return -1;
    }

    private boolean same(int a, int b) {
        if (one.kind(a) != other.kind(b)) {
            return false;
        }
        return switch (one.kind(a)) {
            case JsonTape.STRING, JsonTape.NUMBER -> one.text(a).equals(other.text(b));
            case JsonTape.OBJECT, JsonTape.ARRAY -> false;
            default -> true;
        };
    }

    public long records() {
        return records;
    }

    /** By kind; what did not happen is not there. */
    public Map<Kind, Long> counts() {
        return Map.copyOf(counts);
    }
}
