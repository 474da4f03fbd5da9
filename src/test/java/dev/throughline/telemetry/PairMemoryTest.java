package dev.throughline.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairMemoryTest {
    private final List<String> asked = new ArrayList<>();
    private final PairMemory<String> memory = new PairMemory<>(4, (one, other) -> {
        asked.add(one + "|" + other);
        return one + "|" + other;
    });

    private String get(String json) throws JsonSyntaxException {
        JsonTape tape = new JsonTape();
        tape.parseWhole(json.getBytes(StandardCharsets.UTF_8));
        int first = tape.childCount(0) > 0 ? tape.firstChild(0) : -1;
        int second = tape.childCount(0) > 1 ? tape.next(first) : -1;
        return memory.get(tape, first, second);
    }

    @Test
    void whatIsKnownIsNotAskedAgain() throws JsonSyntaxException {
        for (int i = 0; i < 3; i++) {
            assertThat(get("[\"crm\",\"acme\"]")).isEqualTo("crm|acme");
        }
        assertThat(asked).hasSize(1);
        memory.clear();
        get("[\"crm\",\"acme\"]");
        assertThat(asked).hasSize(2);
    }

    @Test
    void whateverCollidesTheAnswerIsRight() throws JsonSyntaxException {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            String one = "c" + random.nextInt(20);
            String other = "t" + random.nextInt(20);
            assertThat(get("[\"" + one + "\",\"" + other + "\"]")).isEqualTo(one + "|" + other);
            assertThat(get("[\"" + other + "\",\"" + one + "\"]")).isEqualTo(other + "|" + one);
        }
        assertThat(get("[\"crm\"]")).isEqualTo("crm|");
        assertThat(get("[\"crm\",\"\"]")).isEqualTo("crm|");
        assertThat(get("[]")).isEqualTo("|");
        assertThat(get("[\"c\\u0072m\",7]")).isEqualTo("crm|7");
    }

    /** Senders choose the texts: what is longer than any that conforms is answered, and not kept. */
    @Test
    void longTextsAreNotKept() throws JsonSyntaxException {
        String text = "x".repeat(129);
        get("[\"" + text + "\"]");
        get("[\"" + text + "\"]");
        get("[1,\"" + text + "\"]");
        get("[1,\"" + text + "\"]");
        assertThat(asked).hasSize(4);
        get("[\"" + "x".repeat(128) + "\"]");
        get("[\"" + "x".repeat(128) + "\"]");
        assertThat(asked).hasSize(5);
    }
}
