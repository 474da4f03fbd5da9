package dev.throughline.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTapeTest {
    private static final int SEEDS = 200;
    private static final ObjectMapper JACKSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private final JsonTape tape = new JsonTape();

    private static long[] seeds() {
        Long one = Long.getLong("seed");
        if (one != null) {
            return new long[] {one};
        }
        long[] seeds = new long[SEEDS];
        Arrays.setAll(seeds, i -> i);
        return seeds;
    }

    // ---- generated documents against Jackson

    private static String blank(Random random) {
        return random.nextInt(6) == 0 ? " \n\t\r".substring(random.nextInt(4)) : "";
    }

    private static String text(Random random) {
        StringBuilder out = new StringBuilder("\"");
        int length = random.nextInt(8) == 0 ? random.nextInt(200) : random.nextInt(12);
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(30)) {
                case 0 -> out.append("\\\"");
                case 1 -> out.append("\\\\");
                case 2 -> out.append("\\n");
                case 3 -> out.append("\\u00e9");
                case 4 -> out.append("\\ud83d\\ude00");
                case 5 -> out.append("é");
                case 6 -> out.append("€");
                case 7 -> out.appendCodePoint(0x1F600);
                case 8 -> out.append('#');
                default -> out.append((char) ('a' + random.nextInt(26)));
            }
        }
        return out.append('"').toString();
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 5 ? 7 : 10)) {
            case 0 -> "true";
            case 1 -> "false";
            case 2 -> "null";
            case 3 -> Long.toString(random.nextLong());
            case 4 -> Double.toString(random.nextGaussian() * 1e10);
            case 5, 6 -> text(random);
            case 7 -> {
                StringBuilder out = new StringBuilder("[");
                int n = random.nextInt(6);
                for (int i = 0; i < n; i++) {
                    out.append(i == 0 ? "" : ",").append(blank(random)).append(value(random, depth + 1));
                }
                yield out.append(blank(random)).append(']').toString();
            }
            default -> {
                StringBuilder out = new StringBuilder("{");
                int n = random.nextInt(12);
                for (int i = 0; i < n; i++) {
                    String key = text(random);
                    out.append(i == 0 ? "" : ",").append(blank(random)).append(key, 0, key.length() - 1);
                    out.append(i).append('"').append(blank(random)).append(':').append(blank(random));
                    out.append(value(random, depth + 1)).append(blank(random));
                }
                yield out.append('}').toString();
            }
        };
    }

    private boolean tapeAccepts(byte[] json) {
        try {
            tape.parseWhole(json);
            return true;
        } catch (JsonSyntaxException refused) {
            assertThat(refused.offset()).isBetween(0, json.length);
            return false;
        }
    }

    /** From text: over bytes, Jackson refuses member names with escaped surrogate pairs. */
    private static boolean jacksonAccepts(byte[] json) {
        try (JsonParser parser = JACKSON.getFactory().createParser(new String(json, UTF_8))) {
            JsonNode node = JACKSON.readTree(parser);
            return node != null && !node.isMissingNode() && parser.nextToken() == null;
        } catch (IOException refused) {
            return false;
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        return Arrays.equals(new String(bytes, UTF_8).getBytes(UTF_8), bytes);
    }

    /** The tape read back, as Jackson would build it. */
    private String rebuilt(int node) {
        StringBuilder out = new StringBuilder();
        switch (tape.kind(node)) {
            case JsonTape.OBJECT -> {
                out.append('{');
                int members = 0;
                for (int key = tape.firstChild(node); key < tape.next(node); key = tape.next(tape.value(key))) {
                    out.append(members++ == 0 ? "" : ",").append(new String(JsonStrings.quote(tape.text(key)), UTF_8));
                    out.append(':').append(rebuilt(tape.value(key)));
                }
                assertThat(tape.childCount(node)).isEqualTo(members);
                out.append('}');
            }
            case JsonTape.ARRAY -> {
                out.append('[');
                int items = 0;
                for (int item = tape.firstChild(node); item < tape.next(node); item = tape.next(item)) {
                    out.append(items++ == 0 ? "" : ",").append(rebuilt(item));
                }
                assertThat(tape.childCount(node)).isEqualTo(items);
                out.append(']');
            }
            case JsonTape.STRING -> out.append(new String(JsonStrings.quote(tape.text(node)), UTF_8));
            default -> out.append(tape.text(node));
        }
        return out.toString();
    }

    @Test
    void everyGeneratedDocumentIsReadAsJacksonReadsIt() throws Exception {
        for (long seed : seeds()) {
            Random random = new Random(seed);
            byte[] json = value(random, 0).getBytes(UTF_8);
            assertThat(tapeAccepts(json)).as("seed %d", seed).isTrue();
            assertThat(JACKSON.readTree(rebuilt(0)))
                    .as("seed %d", seed)
                    .isEqualTo(JACKSON.readTree(new String(json, UTF_8)));
        }
    }

    @Test
    void aMutatedDocumentIsAcceptedExactlyWhereJacksonAcceptsIt() {
        for (long seed : seeds()) {
            Random random = new Random(seed);
            byte[] json = value(random, 0).getBytes(UTF_8);
            for (int i = 0; i < 60; i++) {
                byte[] mutated = json.clone();
                for (int n = random.nextInt(3); n >= 0; n--) {
                    String alphabet = "{}[],:\"\\ \n0-e.ntfu\u0001";
                    mutated[random.nextInt(mutated.length)] =
                            (byte) (random.nextInt(8) == 0 ? random.nextInt(256) : alphabet.charAt(random.nextInt(18)));
                }
                boolean expected = isUtf8(mutated) && jacksonAccepts(mutated);
                assertThat(tapeAccepts(mutated))
                        .as("seed %d, mutation %d", seed, i)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void everyPrefixOfADocumentIsRefused() throws Exception {
        byte[] json = "{\"a\":[1,-2.5e3,\"x\\u00e9é\",true,null],\"long enough for blocks of sixty-four bytes\":{}}"
                .getBytes(UTF_8);
        tape.parseWhole(json);
        for (int length = 0; length < json.length; length++) {
            assertThat(tapeAccepts(Arrays.copyOf(json, length)))
                    .as("length %d", length)
                    .isFalse();
            // Also where more bytes follow the range.
            int to = length;
            assertThat(refusal(json, 0, to)).as("length %d", length).isNotNull();
        }
    }

    private JsonSyntaxException refusal(byte[] json, int from, int to) {
        try {
            tape.parseWhole(json, from, to);
            return null;
        } catch (JsonSyntaxException refused) {
            return refused;
        }
    }

    private JsonSyntaxException.Problem problem(String json) {
        JsonSyntaxException refused = refusal(json.getBytes(UTF_8), 0, json.getBytes(UTF_8).length);
        return refused == null ? null : refused.problem();
    }

    @Test
    void randomBytesNeverDoMoreThanBeRefused() {
        for (long seed : seeds()) {
            Random random = new Random(seed);
            byte[] bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            bytes[0] = (byte) "{[\"1".charAt(random.nextInt(4));
            if (tapeAccepts(bytes)) {
                assertThat(isUtf8(bytes)).isTrue();
                assertThat(jacksonAccepts(bytes)).isTrue();
            }
        }
    }

    // ---- our own refusals, each by its name

    @Test
    void duplicateMembersAreRefusedHoweverManyThereAre() {
        assertThat(problem("{\"a\":1,\"a\":2}")).isEqualTo(JsonSyntaxException.Problem.DUPLICATE_KEY);
        assertThat(problem("{\"a\":{\"a\":1},\"b\":{\"a\":1}}")).isNull();
        StringBuilder many = new StringBuilder("{");
        for (int i = 0; i < 2_000; i++) {
            many.append("\"k").append(i).append("\":{\"k1\":0},");
        }
        assertThat(problem(many + "\"z\":0}")).isNull();
        assertThat(problem(many + "\"k77\":0}")).isEqualTo(JsonSyntaxException.Problem.DUPLICATE_KEY);
    }

    @Test
    void namesAreTheSameAsJacksonSaysWhateverTheirNumber() {
        int refused = 0;
        for (long seed : seeds()) {
            Random random = new Random(seed);
            byte[] json = objectOf(random, 1 + random.nextInt(300), 0).getBytes(UTF_8);
            boolean accepted = tapeAccepts(json);
            assertThat(accepted).as("seed %d", seed).isEqualTo(jacksonAccepts(json));
            refused += accepted ? 0 : 1;
        }
        assertThat(refused).isPositive();
    }

    private static String objectOf(Random random, int members, int depth) {
        StringBuilder object = new StringBuilder("{");
        for (int i = 0; i < members; i++) {
            String name = Integer.toString(random.nextInt(members * members * 2), 36);
            int escaped = random.nextInt(3 * name.length());
            object.append(i == 0 ? "\"" : ",\"");
            for (int at = 0; at < name.length(); at++) {
                object.append(at == escaped ? "\\u%04x".formatted((int) name.charAt(at)) : name.substring(at, at + 1));
            }
            boolean nested = depth < 3 && random.nextInt(40) == 0;
            object.append("\":").append(nested ? objectOf(random, 1 + random.nextInt(100), depth + 1) : "1");
        }
        return object.append('}').toString();
    }

    @Test
    void controlCharactersInStringsAreRefusedAtEveryPlace() {
        for (int at = 0; at < 140; at++) {
            StringBuilder text = new StringBuilder("x".repeat(140));
            text.setCharAt(at, '\u001f');
            assertThat(problem("\"" + text + "\"")).isEqualTo(JsonSyntaxException.Problem.CONTROL_CHARACTER);
            text.setCharAt(at, '#');
            assertThat(problem("\"" + text + "\"")).isNull();
        }
    }

    @Test
    void illFormedUtf8IsRefused() {
        int[][] bad = {
            {0xC0, 0x80},
            {0xC1, 0xBF},
            {0xE0, 0x80, 0x80},
            {0xED, 0xA0, 0x80},
            {0xF4, 0x90, 0x80, 0x80},
            {0xF8},
            {0x80},
            {0xE2, 0x82},
            {0xFF}
        };
        for (int[] sequence : bad) {
            byte[] json = new byte[sequence.length + 2];
            json[0] = '"';
            for (int i = 0; i < sequence.length; i++) {
                json[i + 1] = (byte) sequence[i];
            }
            json[json.length - 1] = '"';
            JsonSyntaxException refused = refusal(json, 0, json.length);
            assertThat(refused.problem()).isEqualTo(JsonSyntaxException.Problem.INVALID_UTF8);
            assertThat(refused.offset()).isEqualTo(1);
        }
    }

    @Test
    void boundsAreKept() throws Exception {
        JsonTape small = new JsonTape(new JsonTape.Limits(3, 10, 5));
        small.parseWhole("[[[1]]]".getBytes(UTF_8));
        assertThat(problemOf(small, "[[[[1]]]]")).isEqualTo(JsonSyntaxException.Problem.TOO_DEEP);
        assertThat(problemOf(small, "[1,2,3,4,5,6,7,8,9]")).isNull();
        assertThat(problemOf(small, "[1,2,3,4,5,6,7,8,9,10]")).isEqualTo(JsonSyntaxException.Problem.TOO_MANY_TOKENS);
        assertThat(problemOf(small, "\"12345\"")).isNull();
        assertThat(problemOf(small, "\"123456\"")).isEqualTo(JsonSyntaxException.Problem.STRING_TOO_LONG);
        assertThat(problemOf(small, "{\"123456\":1}")).isEqualTo(JsonSyntaxException.Problem.STRING_TOO_LONG);
        assertThat(problemOf(small, "1".repeat(1_000))).isNull();
        assertThat(problemOf(small, "1".repeat(1_001))).isEqualTo(JsonSyntaxException.Problem.NUMBER_TOO_LONG);
        assertThat(problemOf(small, "[1." + "0".repeat(1_000) + "]"))
                .isEqualTo(JsonSyntaxException.Problem.NUMBER_TOO_LONG);
    }

    private static JsonSyntaxException.Problem problemOf(JsonTape tape, String json) {
        try {
            tape.parseWhole(json.getBytes(UTF_8));
            return null;
        } catch (JsonSyntaxException refused) {
            assertThat(tape.size()).isZero();
            return refused.problem();
        }
    }

    @Test
    void valuesAreReadInPlace() throws Exception {
        String json = " {\"name\":\"a\\u0041\\n\",\"n\":-12,\"big\":12345678901234567890,\"f\":1.5,\"é\":[ ]} ";
        tape.parseWhole(json.getBytes(UTF_8));
        assertThat(tape.text(tape.member(0, "name".getBytes(UTF_8)))).isEqualTo("aA\n");
        assertThat(tape.longValue(tape.member(0, "n".getBytes(UTF_8)), 0)).isEqualTo(-12);
        assertThat(tape.longValue(tape.member(0, "big".getBytes(UTF_8)), 7)).isEqualTo(7);
        assertThat(tape.isIntegerLiteral(tape.member(0, "f".getBytes(UTF_8)))).isFalse();
        assertThat(tape.childCount(tape.member(0, "é".getBytes(UTF_8)))).isZero();
        assertThat(tape.member(0, "absent".getBytes(UTF_8))).isEqualTo(-1);
    }

    @Test
    void oneDocumentAfterAnotherIsReadFromTheSameBytes() throws Exception {
        byte[] two = "{\"a\":\"one\"}\n{\"a\":\"two\"}".getBytes(UTF_8);
        int after = tape.parse(two, 0, two.length);
        assertThat(tape.text(2)).isEqualTo("one");
        two[after + 7] = 'T';
        assertThat(tape.parse(two, after, two.length)).isEqualTo(two.length);
        assertThat(tape.text(2)).isEqualTo("Two");
    }

    @Test
    void theHashDependsOnTheTextAloneWhereverItStands() {
        Random random = new Random(1);
        for (int length = 0; length < 40; length++) {
            byte[] text = new byte[length];
            random.nextBytes(text);
            int alone = JsonTape.hash(text, 0, length);
            for (int before = 0; before < 10; before++) {
                byte[] within = new byte[before + length + random.nextInt(12)];
                random.nextBytes(within);
                System.arraycopy(text, 0, within, before, length);
                assertThat(JsonTape.hash(within, before, before + length)).isEqualTo(alone);
            }
        }
    }
}
