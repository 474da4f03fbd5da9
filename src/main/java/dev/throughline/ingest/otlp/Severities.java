package dev.throughline.ingest.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Severities of the OTLP log data model ("Severity Fields") to the levels of the schema. */
final class Severities {
    private static final int NUMBER_MAX = 24;
    private static final int NUMBERS_A_LEVEL = 4;
    private static final int INFO = 2;
    /** No name of a level is longer. */
    private static final int TEXT_BYTES_MAX = 32;

    private static final byte[][] QUOTED = {
        ascii("\"TRACE\""),
        ascii("\"DEBUG\""),
        ascii("\"INFO\""),
        ascii("\"WARN\""),
        ascii("\"ERROR\""),
        ascii("\"FATAL\"")
    };

    private Severities() {}

    /** The level of a severity number as a quoted string; where the number says nothing, of the quoted text; else INFO. */
    static byte[] quotedLevel(int number, byte[] text, int length) {
        if (number >= 1 && number <= NUMBER_MAX) {
            return QUOTED[(number - 1) / NUMBERS_A_LEVEL];
        }
        return QUOTED[length <= 2 || length > TEXT_BYTES_MAX ? INFO : ofText(text, length)];
    }

    private static int ofText(byte[] quoted, int length) {
        String name = new String(quoted, 1, length - 2, StandardCharsets.UTF_8).toUpperCase(Locale.ROOT);
        int digits = name.length();
        while (digits > 0 && name.charAt(digits - 1) >= '1' && name.charAt(digits - 1) <= '4') {
            digits--;
        }
        return switch (name.substring(0, digits)) {
            case "TRACE", "FINEST", "FINER", "VERBOSE" -> 0;
            case "DEBUG", "FINE" -> 1;
            case "WARN", "WARNING" -> 3;
            case "ERROR", "ERR", "SEVERE" -> 4;
            case "FATAL", "CRITICAL", "CRIT", "ALERT", "EMERG", "EMERGENCY", "PANIC" -> 5;
            default -> INFO;
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
