package dev.throughline.masking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throughline.masking.detect.Detector;
import dev.throughline.telemetry.Edits;
import dev.throughline.telemetry.JsonStrings;
import dev.throughline.telemetry.Signal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MaskingPropertiesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Detector[] PLANTED = {
        Detector.EMAIL, Detector.CARD, Detector.IBAN, Detector.US_SSN, Detector.IT_CODICE_FISCALE, Detector.FR_NIR
    };

    static LongStream seeds() {
        Long replayed = Long.getLong("seed");
        return replayed == null ? LongStream.range(0, 200) : LongStream.of(replayed);
    }

    /** A random document; planted values in values, keys, nested JSON, escapes and URLs. */
    private static final class Documents {
        private final Random random;
        private final PersonalData people;
        private final Corpus corpus;
        final List<String> planted = new ArrayList<>();

        Documents(long seed) {
            random = new Random(seed);
            people = new PersonalData(random);
            corpus = new Corpus(seed);
        }

        private String secret() {
            Detector kind = PLANTED[random.nextInt(PLANTED.length)];
            String value = people.value(kind);
            value = kind == Detector.US_SSN && !value.contains("-") ? "078-05-1121" : value;
            planted.add(value);
            return value;
        }

        String value(int depth) {
            return switch (random.nextInt(depth > 3 ? 7 : 10)) {
                case 0 -> Integer.toString(random.nextInt());
                case 1 -> quote("plain text " + random.nextInt(100));
                case 2 -> quote("before " + secret() + " after");
                case 3 -> escaped("x " + secret());
                case 4 ->
                    quote("https://h.example/p?q=" + URLEncoder.encode(secret(), StandardCharsets.UTF_8) + "&n=1");
                case 5 -> quote(corpus.samples(1).get(0).text());
                case 6 -> random.nextBoolean() ? "true" : "null";
                case 7 -> quote(object(depth + 1));
                case 8 -> "[" + value(depth + 1) + "," + value(depth + 1) + "]";
                default -> object(depth + 1);
            };
        }

        String object(int depth) {
            StringBuilder out = new StringBuilder("{");
            int members = random.nextInt(5);
            for (int i = 0; i < members; i++) {
                String key = random.nextInt(8) == 0 ? secret() : "k" + depth + "_" + i;
                out.append(i > 0 ? "," : "")
                        .append(quote(i + " " + key))
                        .append(':')
                        .append(value(depth));
            }
            return out.append('}').toString();
        }

        private static String quote(String text) {
            return new String(JsonStrings.quote(text), StandardCharsets.UTF_8);
        }

        private String escaped(String text) {
            StringBuilder out = new StringBuilder("\"");
            for (char c : text.toCharArray()) {
                out.append(
                        random.nextBoolean()
                                ? String.format("\\u%04x", (int) c)
                                : quote(String.valueOf(c)).replaceAll("^\"|\"$", ""));
            }
            return out.append('"').toString();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void maskedTwiceEqualsMaskedOnceAndNothingPlantedSurvives(long seed) throws Exception {
        Documents documents = new Documents(seed);
        MaskingSession session = Masking.builtIn();
        for (int i = 0; i < 10; i++) {
            documents.planted.clear();
            String document = documents.object(0);
            String masked = Masking.document(session, document);
            assertThat(Masking.document(session, masked)).as(document).isEqualTo(masked);
            JsonNode before = JSON.readTree(document);
            JsonNode after = JSON.readTree(masked);
            sameShape(before, after, document);
            String readable = unfolded(masked);
            for (String value : documents.planted) {
                assertThat(readable).as(document).doesNotContain(value);
            }
        }
    }

    /** All that a reader could decode from the text. */
    private static String unfolded(String text) {
        StringBuilder all = new StringBuilder(text);
        String rest = text;
        for (int i = 0; i < 6; i++) {
            StringBuilder plain = new StringBuilder();
            for (int p = 0; p < rest.length(); p++) {
                char c = rest.charAt(p);
                if (c == '\\'
                        && p + 5 < rest.length()
                        && rest.charAt(p + 1) == 'u'
                        && rest.substring(p + 2, p + 6).matches("[0-9a-f]{4}")) {
                    plain.append((char) Integer.parseInt(rest.substring(p + 2, p + 6), 16));
                    p += 5;
                } else if (c == '\\' && p + 1 < rest.length()) {
                    plain.append(rest.charAt(++p));
                } else {
                    plain.append(c);
                }
            }
            rest = plain.toString();
            all.append(rest).append(rest.replace("%40", "@").replace('+', ' ').replace("%2B", "+"));
        }
        return all.toString();
    }

    private static void sameShape(JsonNode before, JsonNode after, String document) {
        assertThat(after.size()).as(document).isEqualTo(before.size());
        if (before.isContainerNode()) {
            assertThat(after.getNodeType()).as(document).isEqualTo(before.getNodeType());
            var expected = before.elements();
            for (JsonNode child : after) {
                sameShape(expected.next(), child, document);
            }
        } else if (!before.isNumber()) {
            assertThat(after.getNodeType()).as(document).isEqualTo(before.getNodeType());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomBytesNeverThrowAndMaskingThemIsIdempotent(long seed) {
        Random random = new Random(seed);
        PersonalData people = new PersonalData(random);
        String[] pieces = {
            "@",
            ".",
            ":",
            "//",
            "=",
            "\"",
            "password",
            "Bearer ",
            "eyJ",
            "-----BEGIN PRIVATE KEY-----",
            "+49",
            "%40",
            "\\u0040",
            "::",
            "é",
            "\u00a0",
            "\uff10",
            "[",
            "pii:v1:email:k1:",
            "phone ",
            "ssn ",
            " ",
            "-",
            "a@b.com",
            "12",
            "2A",
            "token: ",
            "AB",
            "Z"
        };
        MaskingSession session = Masking.builtIn();
        for (int i = 0; i < 100; i++) {
            StringBuilder text = new StringBuilder();
            int parts = random.nextInt(14);
            for (int p = 0; p < parts; p++) {
                text.append(
                        switch (random.nextInt(4)) {
                            case 0 -> people.digits(1 + random.nextInt(18));
                            case 1 -> people.value(Detector.ofOrdinal(random.nextInt(Detector.count())));
                            case 2 -> String.valueOf((char) (32 + random.nextInt(400)));
                            default -> pieces[random.nextInt(pieces.length)];
                        });
            }
            String masked = session.maskText(text.toString());
            assertThat(session.maskText(masked)).as("%s", text).isEqualTo(masked);
            String json = new String(JsonStrings.quote(text.toString()), StandardCharsets.UTF_8);
            Edits edits = new Edits();
            assertThat(session.mask(Masking.record(Signal.LOG, "{\"m\":" + json + "}"), edits, false))
                    .isInstanceOf(Outcome.Masked.class);
            byte[] raw = new byte[random.nextInt(200)];
            random.nextBytes(raw);
            session.findsIn(raw, 0, raw.length);
        }
    }
}
