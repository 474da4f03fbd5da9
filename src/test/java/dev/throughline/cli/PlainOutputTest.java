package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainOutputTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private String shown(byte[] bytes, int atOnce) throws IOException {
        try (PlainOutput plain = new PlainOutput(out)) {
            for (int i = 0; i < bytes.length; i += atOnce) {
                plain.write(bytes, i, Math.min(atOnce, bytes.length - i));
            }
        }
        String shown = out.toString(StandardCharsets.UTF_8);
        out.reset();
        return shown;
    }

    private String shown(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String whole = shown(bytes, bytes.length);
        for (int atOnce = 1; atOnce < 4; atOnce++) {
            assertThat(shown(bytes, atOnce)).isEqualTo(whole);
        }
        return whole;
    }

    @Test
    void textOfEveryScriptPassesAsItIs() throws IOException {
        String text = "plain\tand\nÜber … 漢字 العربية 🚀 e\u0301\n";
        assertThat(shown(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "1b, \\u001b",
        "07, \\u0007",
        "0d, \\u000d",
        "00, \\u0000",
        "7f, \\u007f",
        "9b, \\u009b",
        "ad, \\u00ad",
        "61c, \\u061c",
        "200b, \\u200b",
        "200f, \\u200f",
        "202e, \\u202e",
        "2028, \\u2028",
        "2029, \\u2029",
        "2066, \\u2066",
        "feff, \\ufeff",
        "e0041, \\udb40\\udc41"
    })
    void whatSteersATerminalOrTurnsTextRoundIsEscaped(String hex, String escaped) throws IOException {
        assertThat(shown("a" + Character.toString(Integer.parseInt(hex, 16)) + "b"))
                .isEqualTo("a" + escaped + "b");
    }

    @Test
    void jsonStaysTheSameDocument() throws IOException {
        String json = "{\"a\u202eb\":\"\u0085\u007f\udb40\udc41\u2066x\"}\n";
        String shown = shown(json);
        assertThat(shown).isNotEqualTo(json);
        ObjectMapper mapper = new ObjectMapper();
        assertThat(mapper.readTree(shown)).isEqualTo(mapper.readTree(json));
    }

    @Test
    void whatIsNoUtf8IsReplacedAndWhatFollowsIsKept() throws IOException {
        for (int atOnce = 1; atOnce < 5; atOnce++) {
            assertThat(shown(
                            new byte[] {'a', (byte) 0xC3, 'b', (byte) 0xFF, 'c', (byte) 0xE2, 0x1b, 'd', (byte) 0xE2},
                            atOnce))
                    .isEqualTo("a\ufffdb\ufffdc\ufffd\\u001bd\ufffd");
        }
    }

    @Test
    void whatIsNotWrittenIsAFailureAndAClosedPipeIsQuiet() {
        assertThat(ended("No space left on device", 0)).isEqualTo("2 throughline: output_not_written: disk_full;");
        assertThat(ended("No space left on device", 1)).isEqualTo("2 throughline: output_not_written: disk_full;");
        assertThat(ended("Broken pipe", 0)).isEqualTo("141 ");
        assertThat(ended("Broken pipe", 1)).isEqualTo("1 ");
        assertThat(ended("", 0)).isEqualTo("0 ");
    }

    private static String ended(String why, int code) {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (!why.isEmpty()) {
                    throw new IOException(why);
                }
            }
        };
        PlainOutput plain = new PlainOutput(broken);
        try (PrintStream out = new PrintStream(plain, true, StandardCharsets.UTF_8)) {
            out.println("swallowed by the print stream");
        }
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int ended = plain.exitCode(code, new PrintStream(err, true, StandardCharsets.UTF_8));
        String told = err.toString(StandardCharsets.UTF_8);
        return ended + " " + told.substring(0, told.indexOf(';') + 1);
    }
}
