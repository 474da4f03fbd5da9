package dev.throughline.contract.pattern;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The code points of {@code \p{…}}: general categories, scripts and the binary properties that the platform knows. */
final class UnicodeProperties {
    /** Long names of general categories (PropertyValueAliases.txt) to the short ones. */
    private static final Map<String, String> CATEGORIES = Map.ofEntries(
            Map.entry("Letter", "L"),
            Map.entry("Cased_Letter", "LC"),
            Map.entry("Uppercase_Letter", "Lu"),
            Map.entry("Lowercase_Letter", "Ll"),
            Map.entry("Titlecase_Letter", "Lt"),
            Map.entry("Modifier_Letter", "Lm"),
            Map.entry("Other_Letter", "Lo"),
            Map.entry("Mark", "M"),
            Map.entry("Combining_Mark", "M"),
            Map.entry("Nonspacing_Mark", "Mn"),
            Map.entry("Spacing_Mark", "Mc"),
            Map.entry("Enclosing_Mark", "Me"),
            Map.entry("Number", "N"),
            Map.entry("Decimal_Number", "Nd"),
            Map.entry("digit", "Nd"),
            Map.entry("Letter_Number", "Nl"),
            Map.entry("Other_Number", "No"),
            Map.entry("Punctuation", "P"),
            Map.entry("punct", "P"),
            Map.entry("Connector_Punctuation", "Pc"),
            Map.entry("Dash_Punctuation", "Pd"),
            Map.entry("Open_Punctuation", "Ps"),
            Map.entry("Close_Punctuation", "Pe"),
            Map.entry("Initial_Punctuation", "Pi"),
            Map.entry("Final_Punctuation", "Pf"),
            Map.entry("Other_Punctuation", "Po"),
            Map.entry("Symbol", "S"),
            Map.entry("Math_Symbol", "Sm"),
            Map.entry("Currency_Symbol", "Sc"),
            Map.entry("Modifier_Symbol", "Sk"),
            Map.entry("Other_Symbol", "So"),
            Map.entry("Separator", "Z"),
            Map.entry("Space_Separator", "Zs"),
            Map.entry("Line_Separator", "Zl"),
            Map.entry("Paragraph_Separator", "Zp"),
            Map.entry("Other", "C"),
            Map.entry("Control", "Cc"),
            Map.entry("cntrl", "Cc"),
            Map.entry("Format", "Cf"),
            Map.entry("Surrogate", "Cs"),
            Map.entry("Private_Use", "Co"),
            Map.entry("Unassigned", "Cn"));

    /** Two letters a {@link Character#getType(int)} value. */
    private static final String[] TYPES = {
        "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "", "Zs", "Zl", "Zp", "Cc", "Cf", "",
        "Co", "Cs", "Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi", "Pf"
    };

    private static final Map<String, IntPredicate> BINARY = Map.ofEntries(
            Map.entry("Any", c -> true),
            Map.entry("ASCII", c -> c < 0x80),
            Map.entry("Assigned", Character::isDefined),
            Map.entry("Alphabetic", Character::isAlphabetic),
            Map.entry("Alpha", Character::isAlphabetic),
            Map.entry("Uppercase", Character::isUpperCase),
            Map.entry("Upper", Character::isUpperCase),
            Map.entry("Lowercase", Character::isLowerCase),
            Map.entry("Lower", Character::isLowerCase),
            Map.entry("Ideographic", Character::isIdeographic),
            Map.entry("Ideo", Character::isIdeographic),
            Map.entry("ID_Start", Character::isUnicodeIdentifierStart),
            Map.entry("IDS", Character::isUnicodeIdentifierStart),
            Map.entry("ID_Continue", c -> Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c)),
            Map.entry("IDC", c -> Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c)),
            Map.entry("Emoji", Character::isEmoji),
            Map.entry("Emoji_Presentation", Character::isEmojiPresentation),
            Map.entry("Emoji_Modifier", Character::isEmojiModifier),
            Map.entry("Emoji_Modifier_Base", Character::isEmojiModifierBase),
            Map.entry("Emoji_Component", Character::isEmojiComponent),
            Map.entry("Extended_Pictographic", Character::isExtendedPictographic),
            Map.entry("ASCII_Hex_Digit", c -> c < 0x80 && Character.digit(c, 16) >= 0),
            Map.entry("AHex", c -> c < 0x80 && Character.digit(c, 16) >= 0),
            Map.entry("White_Space", UnicodeProperties::isWhiteSpace),
            Map.entry("space", UnicodeProperties::isWhiteSpace));

    /** One entry a property that was asked for: bounded by the number of properties there are. */
    private static final Map<String, CodePoints> FOUND = new ConcurrentHashMap<>();

    private UnicodeProperties() {}

    /** The set of {@code Name} or {@code Name=Value}, or null where it is not known. */
    static @Nullable CodePoints find(String expression) {
        CodePoints known = FOUND.get(expression);
        if (known != null) {
            return known;
        }
        IntPredicate predicate = predicate(expression);
        if (predicate == null) {
            return null;
        }
        CodePoints set = CodePoints.matching(predicate);
        FOUND.put(expression, set);
        return set;
    }

    private static @Nullable IntPredicate predicate(String expression) {
        int equals = expression.indexOf('=');
        if (equals < 0) {
            IntPredicate binary = BINARY.get(expression);
            return binary != null ? binary : category(expression);
        }
        String value = expression.substring(equals + 1);
        return switch (expression.substring(0, equals)) {
            case "General_Category", "gc" -> category(value);
            case "Script", "sc", "Script_Extensions", "scx" -> script(value);
            default -> null;
        };
    }

    private static @Nullable IntPredicate category(String name) {
        String wanted = CATEGORIES.getOrDefault(name, name);
        if (wanted.equals("LC")) {
            return c -> Character.getType(c) >= Character.UPPERCASE_LETTER
                    && Character.getType(c) <= Character.TITLECASE_LETTER;
        }
        boolean known = false;
        boolean[] types = new boolean[TYPES.length];
        for (int i = 0; i < TYPES.length; i++) {
            types[i] = !TYPES[i].isEmpty() && !wanted.isEmpty() && TYPES[i].startsWith(wanted);
            known |= types[i];
        }
        return known ? c -> types[Character.getType(c)] : null;
    }

    private static @Nullable IntPredicate script(String name) {
        for (Character.UnicodeScript script : Character.UnicodeScript.values()) {
            if (script.name().equals(name.toUpperCase(Locale.ROOT))) {
                return c -> Character.UnicodeScript.of(c) == script;
            }
        }
        try {
            Character.UnicodeScript script = Character.UnicodeScript.forName(name);
            return c -> Character.UnicodeScript.of(c) == script;
        } catch (IllegalArgumentException unknown) {
            return null;
        }
    }

    private static boolean isWhiteSpace(int c) {
        return (c >= 0x09 && c <= 0x0D) || c == 0x85 || Character.isSpaceChar(c);
    }
}
