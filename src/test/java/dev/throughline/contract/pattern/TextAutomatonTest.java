package dev.throughline.contract.pattern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.contract.pattern.TextAutomaton.Search;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextAutomatonTest {
    private static final int NO_BOUND = Integer.MAX_VALUE;

    private static List<TextAutomaton> of(String... patterns) {
        return Stream.of(patterns)
                .map(pattern -> Objects.requireNonNull(TextAutomaton.of(pattern)))
                .toList();
    }

    /** What is matched, what is not, bounds of the length, and the text that is found. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", maxCharsPerColumn = 100, textBlock = """
            ^[a-z]{2,4}$ | ^[a-z]{1,8}$ | 0 | 99 | none
            ^[a-z]{2,4}$ | ^[a-z]{2,3}$ | 0 | 99 | aaaa
            ^[a-z]{2,4}$ | ^[a-y]{2,4}$ | 0 | 99 | az
            ^[a-z]{2,4}$ | ^x | 3 | 3 | aaa
            ^[a-z]{2,4}$ | ^x | 5 | 99 | none
            ^é+$ | ^é$ | 0 | 2 | éé
            ^é+$ | ^é$ | 0 | 1 | none
            ^[^a]$ | ^[ -~]$ | 1 | 1 | é
            b | ^a*b | 0 | 99 | bab
            . | [\\s\\S] | 0 | 99 | none
            """)
    void aTextIsFoundWhereThereIsOne(String matched, String avoided, int min, int max, String text) {
        Search found = TextAutomaton.search(of(matched), of(avoided), min, max);
        if (text == null) {
            assertThat(found).isEqualTo(new Search.Nothing());
        } else if (found instanceof Search.Found(String other)) {
            assertThat(other.codePointCount(0, other.length())).isBetween(min, max);
            assertThat(matches(matched, other)).isTrue();
            assertThat(matches(avoided, other)).isFalse();
            assertThat(other.length()).isLessThanOrEqualTo(text.length());
        } else {
            assertThat(found).isInstanceOf(Search.Found.class);
        }
    }

    private static boolean matches(String pattern, String text) {
        try {
            byte[] utf8 = text.getBytes(UTF_8);
            return TextPattern.compile(pattern).search(utf8, 0, utf8.length) == TextPattern.MATCH;
        } catch (PatternException malformed) {
            throw new AssertionError(malformed);
        }
    }

    @Test
    void withoutPatternsOnlyTheLengthCounts() {
        assertThat(TextAutomaton.search(List.of(), List.of(), 3, NO_BOUND)).isEqualTo(new Search.Found("aaa"));
        assertThat(TextAutomaton.search(List.of(), List.of(), 0, 0)).isEqualTo(new Search.Found(""));
        assertThat(TextAutomaton.search(of("^$"), List.of(), 1, NO_BOUND)).isEqualTo(new Search.Nothing());
    }

    @Test
    void whatIsNotRegularHasNoAutomaton() {
        assertThat(TextAutomaton.of("(a)\\1")).isNull();
        assertThat(TextAutomaton.of("(?=a)b")).isNull();
        assertThat(TextAutomaton.of("(")).isNull();
    }

    @Test
    void aSearchThroughTooManyStatesIsGivenUp() {
        assertThat(TextAutomaton.search(of("(a|b)*a(a|b){8}$", "^(aa|b)*$"), of("^(bbb|a)*$", "[^ab]"), 5_000, 9_000))
                .isEqualTo(new Search.GivenUp());
    }

    @Test
    void whereNothingIsFoundNoGeneratedTextIsOne() {
        String[] parts = {"a", "b", "[ab]", "[^a]", "(a|bb)", ".", "^", "$", "é"};
        String[] times = {"", "*", "+", "?", "{2}"};
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            String one = pattern(random, parts, times);
            String other = pattern(random, parts, times);
            Search found = TextAutomaton.search(of(one), of(other), 0, 4);
            boolean some = Stream.generate(() -> text(random))
                    .limit(200)
                    .anyMatch(text -> matches(one, text) && !matches(other, text));
            assertThat(some && found instanceof Search.Nothing)
                    .as(one + " but not " + other)
                    .isFalse();
            if (found instanceof Search.Found(String text)) {
                assertThat(matches(one, text) && !matches(other, text))
                        .as(one + " but not " + other)
                        .isTrue();
            }
        }
    }

    private static String pattern(Random random, String[] parts, String[] times) {
        StringBuilder out = new StringBuilder();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            String part = parts[random.nextInt(parts.length)];
            boolean anchor = part.equals("^") || part.equals("$");
            out.append(part).append(anchor ? "" : times[random.nextInt(times.length)]);
        }
        return out.toString();
    }

    private static String text(Random random) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            out.append("abcé".charAt(random.nextInt(4)));
        }
        return out.toString();
    }
}
