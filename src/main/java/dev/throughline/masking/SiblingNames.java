package dev.throughline.masking;

import dev.throughline.telemetry.JsonTape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The names of one object's members: a name that is masked must not become another member's. */
final class SiblingNames {
    private static final int FIRST_NUMBER = 2;

    private final Set<String> names = new HashSet<>();
    /** By masked name: the number that the next of it tries first. */
    private final Map<String, Integer> next = new HashMap<>();

    private SiblingNames() {}

    static SiblingNames of(JsonTape tape, int object) {
        SiblingNames all = new SiblingNames();
        for (int key = tape.firstChild(object); key < tape.next(object); key = tape.next(tape.value(key))) {
            all.names.add(tape.text(key));
        }
        return all;
    }

    /** The masked name, with a number behind it where there is one already. */
    String distinct(String masked) {
        if (names.add(masked)) {
            return masked;
        }
        int number = next.getOrDefault(masked, FIRST_NUMBER);
        while (!names.add(masked + "_" + number)) {
            number++;
        }
        next.put(masked, number + 1);
        return masked + "_" + number;
    }
}
