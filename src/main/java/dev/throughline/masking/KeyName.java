package dev.throughline.masking;

import dev.throughline.masking.detect.ContextWords;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Names of members by their words, whatever the convention: {@code firstName}, {@code FIRST-NAME}, {@code first.name}. */
final class KeyName {
    private KeyName() {}

    /** The words in lower case, joined by underscores. */
    static String normalised(String name) {
        StringBuilder words = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '[') {
                i = afterLabel(name, i);
            }
            if (!Character.isLetterOrDigit(c)) {
                separate(words);
                continue;
            }
            boolean hump = Character.isUpperCase(c)
                    && i > 0
                    && (Character.isLowerCase(name.charAt(i - 1))
                            || (i + 1 < name.length()
                                    && Character.isUpperCase(name.charAt(i - 1))
                                    && Character.isLowerCase(name.charAt(i + 1))));
            if (hump) {
                separate(words);
            }
            words.append(c);
        }
        while (words.length() > 0 && words.charAt(words.length() - 1) == '_') {
            words.setLength(words.length() - 1);
        }
        return words.toString().toLowerCase(Locale.ROOT);
    }

    /** The bracket that closes a replacement's label; the opening one where it is none. A label names nothing. */
    private static int afterLabel(String name, int open) {
        int i = open + 1;
        while (i < name.length() && (name.charAt(i) == '_' || (name.charAt(i) >= 'A' && name.charAt(i) <= 'Z'))) {
            i++;
        }
        return i < name.length() && name.charAt(i) == ']' ? i : open;
    }

    private static void separate(StringBuilder words) {
        if (words.length() > 0 && words.charAt(words.length() - 1) != '_') {
            words.append('_');
        }
    }

    /** What the words of a normalised name say about numbers in the value. */
    static int context(String normalised) {
        int bits = 0;
        for (String word : normalised.split("_", -1)) {
            byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
            bits |= ContextWords.of(utf8, 0, utf8.length);
        }
        int specific = bits & ~(ContextWords.CALL | ContextWords.ADDRESS_OF_HOST);
        return (specific & ~ContextWords.OTHER_NUMBER) != 0 ? specific & ~ContextWords.OTHER_NUMBER : specific;
    }
}
