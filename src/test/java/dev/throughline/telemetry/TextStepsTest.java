package dev.throughline.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A tape that learns against one that does not, over many texts of few structures. */
class TextStepsTest {
    private static final String[] NAMES = {"timestamp", "level", "id", "größe", "a\\\"b", "http", "message", "tags"};
    private static final String[] TEXTS = {
        "",
        "plain",
        "a text of some length, with blanks",
        "q\\\"uote",
        "\\u00e9",
        "Grüße",
        "tab\t",
        "x".repeat(70),
        "7",
        "unclosed\\",
        "0123456",
        "01234567",
        "012345678"
    };
    private static final String[] NUMBERS = {"0", "-1", "12.5", "1e9", "-", "007", "1.", "504", "9007199254740993"};

    private final JsonTape.Limits limits = new JsonTape.Limits(8, 64, 60);
    private final JsonTape learning = new JsonTape(limits, true);
    private final JsonTape plain = new JsonTape(limits);

    @Test
    void bothTapesAreTheSame() {
        Random random = new Random(17);
        int refused = 0;
        for (int structure = 0; structure < 60; structure++) {
            String form = object(random, 0);
            for (int i = 0; i < 300; i++) {
                String text = filled(form, random, i % 3 == 0 ? 1 : 25);
                byte[] bytes =
                        (" " + text + (i % 2 == 0 ? "\n{\"next\":1}        " : "")).getBytes(StandardCharsets.UTF_8);
                refused += compare(bytes, i % 2 == 0 ? 0 : 1, bytes.length, text);
            }
        }
        assertThat(refused).isBetween(1_000, 15_000);
        assertThat(learning.toString()).isNotEmpty();
    }

    /** Cut off anywhere, and with any byte changed. */
    @Test
    void whatIsNotQuiteTheKnownTextIsParsed() {
        String text =
                "{\"level\":\"INFO\",\"attempt\":3,\"http\":{\"status\":504,\"ok\":true},\"tags\":[\"a\",\"b\"],\"message\":\"m\"}";
        byte[] bytes = (text + "          ").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 200; i++) {
            assertThat(compare(bytes, 0, bytes.length, text)).isZero();
        }
        for (int to = 0; to < text.length(); to++) {
            assertThat(compare(bytes, 0, to, text.substring(0, to))).isEqualTo(1);
        }
        for (int at = 0; at < text.length(); at++) {
            for (int b : new int[] {'"', '\\', '}', ',', ' ', '0', 'x', 0xC3, 1}) {
                byte[] changed = bytes.clone();
                changed[at] = (byte) b;
                compare(changed, 0, changed.length, at + " is " + b);
            }
        }
    }

    private int compare(byte[] bytes, int from, int to, String what) {
        String expected = outcome(plain, bytes, from, to);
        assertThat(outcome(learning, bytes, from, to)).as(what).isEqualTo(expected);
        if (expected.startsWith("after")) {
            assertThat(learning.isSame(plain)).as(what).isTrue();
            return 0;
        }
        return 1;
    }

    private static String outcome(JsonTape tape, byte[] bytes, int from, int to) {
        try {
            return "after " + tape.parse(bytes, from, to);
        } catch (JsonSyntaxException e) {
            return e.problem() + " at " + e.offset();
        }
    }

    /** An object with S for a text and N for a number. */
    private static String object(Random random, int depth) {
        StringBuilder out = new StringBuilder("{");
        String comma = random.nextBoolean() ? "," : ", ";
        int first = random.nextInt(NAMES.length);
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            out.append(i > 0 ? comma : "")
                    .append('"')
                    .append(NAMES[(first + i) % NAMES.length])
                    .append("\":");
            switch (random.nextInt(depth < 2 ? 7 : 5)) {
                case 0 -> out.append("true");
                case 1 -> out.append("null");
                case 2 -> out.append('N');
                case 5 -> out.append(object(random, depth + 1));
                case 6 -> out.append("[\"S\",N,[],{}]");
                default -> out.append("\"S\"");
            }
        }
        return out.append('}').toString();
    }

    private static String filled(String form, Random random, int oneOddIn) {
        StringBuilder out = new StringBuilder();
        for (char c : form.toCharArray()) {
            boolean odd = random.nextInt(oneOddIn) == 0;
            if (c == 'S') {
                out.append(odd ? TEXTS[random.nextInt(TEXTS.length)] : "text" + random.nextInt(1_000));
            } else if (c == 'N') {
                out.append(odd ? NUMBERS[random.nextInt(NUMBERS.length)] : "" + random.nextInt(1_000));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
