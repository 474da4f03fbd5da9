package dev.throughline.contract.pattern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextPatternTest {
    private static boolean finds(String pattern, String text) throws PatternException {
        byte[] utf8 = ("<<" + text + ">>").getBytes(UTF_8);
        int found = TextPattern.compile(pattern).search(utf8, 2, utf8.length - 2);
        assertThat(found).isNotEqualTo(TextPattern.BUDGET_EXCEEDED);
        return found == TextPattern.MATCH;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "abc xabcx true",
                "^abc xabc false",
                "^abc$ abc true",
                "^a*$ `` true",
                "^$ `` true",
                "^$ a false",
                "$ anything true",
                "a$ ab false",
                "^(a|bc)+$ abcbca true",
                "^(a|bc)+$ abcb false",
                "^.$ 😀 true",
                "^..$ 😀 false",
                "^[^a]$ é true",
                "^\\d+$ 123 true",
                "^\\d+$ ১২৩ false",
                "^\\w+$ ab_9 true",
                "^\\w$ é false",
                "^\\p{L}+$ añ字 true",
                "^\\p{Lu}$ a false",
                "^\\P{Lu}$ a true",
                "^\\p{Script=Greek}+$ αβγ true",
                "^\\u{1F600}$ 😀 true",
                "^\\ud83d\\ude00$ 😀 true",
                "^\\x41\\u0042\\cJ?$ AB true",
                "^a{2,3}$ aaaa false",
                "^a{2,3}$ aaa true",
                "^a{2,}$ aaaaaa true",
                "^(?=.*b)a.+$ axxb true",
                "^(?=.*b)a.+$ axxx false",
                "^(?!abc).*$ abcd false",
                "^(.)\\1$ aa true",
                "^(.)\\1$ ab false",
                "^(?<x>.)\\k<x>$ aa true",
                "\\bfoo\\b a-foo-b true",
                "\\bfoo\\b afoob false",
                "(?<=a)b cab true",
                "(?<!a)b cab false",
                "^[]$ a false",
                "^[^]$ a true",
                "a{ xa{x true",
                "^[\\s\\S]*$ ab true",
                "^[a\\-z]+$ a-z true",
                "^\\/x\\-y$ /x-y true",
                "^corr_[0-7][0-9A-HJKMNP-TV-Z]{25}$ corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K true",
                "^corr_[0-7][0-9A-HJKMNP-TV-Z]{25}$ corr_81HRVQ8QX8K6YB2T9M2WZ2FQ3K false",
                "^corr_[0-7][0-9A-HJKMNP-TV-Z]{25}$ corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3 false",
                "^[a-z][a-z0-9_]*(\\.[a-z0-9]+)+$ order.status.updated true",
                "^[a-z][a-z0-9_]*(\\.[a-z0-9]+)+$ order false",
            })
    void aPatternMeansWhatEcmaSays(String pattern, String text, boolean expected) throws PatternException {
        assertThat(finds(pattern, text)).isEqualTo(expected);
    }

    @Test
    void blanksAndLinesAreThoseOfEcma() throws PatternException {
        assertThat(finds("^\\s$", "\u00a0")).isTrue();
        assertThat(finds("^\\s$", "\ufeff")).isTrue();
        assertThat(finds("^\\s$", "\u180e")).isFalse();
        assertThat(finds("^.$", "\u2028")).isFalse();
        assertThat(finds("^.$", "\u0085")).isTrue();
        assertThat(finds("^a$", "a\n")).isFalse();
        assertThat(finds("^\\S+$", "a b")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "(?",
                "[a",
                "a**",
                "*a",
                "a{2,1}",
                "\\",
                "\\a",
                "\\Z",
                "(?i:a)",
                "\\1",
                "\\k<x>(a)",
                "[z-a]",
                "[\\d-z]",
                "\\u{110000}",
                "\\uD8",
                "\\x4",
                "\\p{Nonsense}",
                "\\c1",
                "(?<1a>b)",
                "(?<a>b)(?<a>c)",
                "^*",
                "(?=a)*",
                "{1}"
            })
    void whatIsNotAPatternIsRefused(String pattern) {
        assertThatThrownBy(() -> TextPattern.compile(pattern)).isInstanceOf(PatternException.class);
        assertThat(TextPattern.isWellFormed(pattern)).isFalse();
    }

    @Test
    void theContractsOwnPatternsRunInOnePass() throws PatternException {
        assertThat(TextPattern.compile("^corr_[0-7][0-9A-HJKMNP-TV-Z]{25}$")).isInstanceOf(ClassRuns.class);
        assertThat(TextPattern.compile("^[a-z0-9][a-z0-9_.-]{0,99}$")).isInstanceOf(ClassRuns.class);
        assertThat(TextPattern.compile("^[a-z][a-z0-9_]*(\\.[a-z0-9][a-z0-9_]*)+$"))
                .isInstanceOf(Dfa.class);
        assertThat(TextPattern.compile("^[^\\u0000-\\u001f\\u007f-\\u009f]*$")).isInstanceOf(ClassRuns.class);
        assertThat(TextPattern.compile("(?=a)b").isLinear()).isFalse();
    }

    @Test
    void runsOfOneClassAreCheckedToTheLastByteAtEveryLength() throws PatternException {
        TextPattern pattern = TextPattern.compile("^x[a-c0-9_]{0,40}$");
        TextPattern wide = TextPattern.compile("^[^\\u0000-\\u001f\\u007f]{1,40}$");
        assertThat(pattern).isInstanceOf(ClassRuns.class);
        assertThat(wide).isInstanceOf(ClassRuns.class);
        for (int length = 0; length <= 42; length++) {
            String good = "x" + "b9_ac0".repeat(8).substring(0, length);
            byte[] utf8 = good.getBytes(UTF_8);
            assertThat(pattern.search(utf8, 0, utf8.length) == TextPattern.MATCH)
                    .isEqualTo(length <= 40);
            for (int at = 0; at < length && length <= 39; at++) {
                for (byte bad : new byte[] {'d', '/', ':', '`', 0, 0x7F, -1, -128, (byte) 0xE1}) {
                    byte[] broken = utf8.clone();
                    broken[1 + at] = bad;
                    assertThat(pattern.search(broken, 0, broken.length)).isEqualTo(TextPattern.NO_MATCH);
                }
                String accented = good.substring(0, at) + "é" + good.substring(at + 1);
                assertThat(finds("^[^\\u0000-\\u001f\\u007f]{1,40}$", accented)).isTrue();
                assertThat(finds("^[^\\u0000-\\u001f\\u007f]{1,40}$", good.substring(0, at) + "\u0001"))
                        .isFalse();
            }
        }
    }

    @Test
    void aRunawayPatternIsGivenUp() throws PatternException {
        TextPattern runaway = TextPattern.compile("^(x+x+)+y\\b$");
        byte[] text = "x".repeat(5_000).getBytes(UTF_8);
        assertThat(runaway.search(text, 0, text.length)).isEqualTo(TextPattern.BUDGET_EXCEEDED);
        TextPattern deep = TextPattern.compile("^(?:(a|b)|\\1c)*$");
        byte[] longText = "ab".repeat(200_000).getBytes(UTF_8);
        assertThat(deep.search(longText, 0, longText.length)).isIn(TextPattern.BUDGET_EXCEEDED, TextPattern.MATCH);
    }

    @Test
    void aTableThatWouldExplodeFallsBack() throws PatternException {
        TextPattern exploding = TextPattern.compile("(a|b)*a(a|b){14}$");
        assertThat(exploding).isInstanceOf(Backtracking.class);
        assertThat(finds("(a|b)*a(a|b){14}$", "abababababababa")).isTrue();
    }

    // ---- generated patterns against java.util.regex

    private static String pattern(Random random, int depth) {
        int n = 1 + random.nextInt(4);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < n; i++) {
            switch (random.nextInt(depth > 2 ? 6 : 9)) {
                case 0 -> out.append("[a-c]");
                case 1 -> out.append("[^b]");
                case 2 -> out.append("\\d");
                case 3 -> out.append('é');
                case 4 -> out.append("[a-é]");
                case 5 -> out.append((char) ('a' + random.nextInt(3)));
                case 6 ->
                    out.append('(')
                            .append(pattern(random, depth + 1))
                            .append('|')
                            .append(pattern(random, depth + 1))
                            .append(')');
                case 7 -> out.append("(?:").append(pattern(random, depth + 1)).append(')');
                default -> out.append("[\\x{1F600}-\\x{1F640}x]");
            }
            switch (random.nextInt(8)) {
                case 0 -> out.append('*');
                case 1 -> out.append('+');
                case 2 -> out.append('?');
                case 3 -> out.append("{1,2}");
                default -> {}
            }
        }
        return out.toString();
    }

    @Test
    void generatedPatternsAgreeWithThePlatforms() throws PatternException {
        Long one = Long.getLong("seed");
        String[] letters = {"a", "b", "c", "é", "1", "x", "\uD83D\uDE00", "\u20AC"};
        for (long seed = one == null ? 0 : one; seed < (one == null ? 1_000 : one + 1); seed++) {
            Random random = new Random(seed);
            String java = (random.nextBoolean() ? "^" : "") + pattern(random, 0) + (random.nextBoolean() ? "$" : "");
            String ecma = java.replace("\\x{", "\\u{");
            Pattern oracle = Pattern.compile(java.replace("$", "\\z"));
            TextPattern compiled = TextPattern.compile(ecma);
            for (int i = 0; i < 25; i++) {
                StringBuilder text = new StringBuilder();
                for (int n = random.nextInt(8); n > 0; n--) {
                    text.append(letters[random.nextInt(letters.length)]);
                }
                byte[] utf8 = text.toString().getBytes(UTF_8);
                assertThat(compiled.search(utf8, 0, utf8.length) == TextPattern.MATCH)
                        .as("seed %d: %s over %s", seed, ecma, text)
                        .isEqualTo(oracle.matcher(text).find());
            }
        }
    }
}
