package dev.throughline.masking.detect;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code password=…}, {@code "api_key": "…"}, {@code contraseña: …}, {@code Authorization: Bearer …}: a name that says secret, a
 * sign, a value. Only the value is a hit. Reused for its result, not thread-safe.
 */
final class Assignment {
    private static final int VALUE_BYTES_MAX = 8_192;
    private static final int TAG_BYTES_MAX = 96;
    private static final byte[] CDATA_END = "]]>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CDATA = "<![CDATA[".getBytes(StandardCharsets.US_ASCII);

    /** By the last byte: a letter of ASCII, or part of any other. */
    private static final byte[][][] NAMES = new byte[27][][];

    private static final int OTHER_LETTER = 26;
    private static final Pattern MARKS = Pattern.compile("\\p{M}");

    /** Names, without separators, and how sure they are: {@code !} any value, {@code ?} only what looks random, {@code =} only after an equals sign. */
    private static final String WORDS =
            "password! passwd! pwd! passphrase! passcode! passwort! kennwort! wachtwoord! parola! contraseña! contraseñas!"
                    + " contrasenya! senha! senhas! palavrapasse! hasło! hasła! hasłem! parolanız! parolası! şifre! şifreniz! şifresi!"
                    + " lösenord! passord! adgangskode! kodeord! salasana! jelszó! heslo! geslo! lozinka! parool! пароль! парола!"
                    + " 密码! 密碼! パスワード! 비밀번호!"
                    + " secret? apikey? token? accesskey? secretkey? privatekey? signingkey? encryptionkey? accountkey?"
                    + " sharedaccesskey? sharedaccesssignature? credential? credentials? auth? authorization? sig? signature?"
                    + " sessionid? sessionkey? jsessionid? phpsessid? cookie? clientsecret? masterkey? licensekey? subscriptionkey?"
                    + " functionskey? pass= pw= otp= pin= cvv= cvc= motdepasse! motsdepasse! clave= webhooksecret? xapikey? bearer?";

    private static final byte[][] PLACEHOLDERS =
            words("null none nil undefined true false yes no empty missing required invalid"
                    + " expired incorrect wrong reset changed changing must should cannot can't is not was has too the a an and or for"
                    + " updated provided unset set ok valid accepted rejected denied failed unknown given string optional forgotten"
                    + " hidden removed redacted masked field length mismatch mismatched does doesn't didn't may will with policy"
                    + " confirmation contains needs never rotated rotation stored entered falsch ungültig abgelaufen"
                    + " vergessen incorrecta caducada olvidada incorrect expiré oublié invalide errata scaduta errada inválida expirada"
                    + " onjuist verlopen nieprawidłowe yanlış geçersiz");

    private static final byte[][] SCHEMES = words("bearer basic token digest apikey negotiate aws4-hmac-sha256 key");

    static {
        for (String word : WORDS.split(" ", -1)) {
            for (String spelling : spellings(word)) {
                put(spelling.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** Letters beyond ASCII as they are, as capitals, and without their marks; each as one character or as two. */
    private static Set<String> spellings(String word) {
        StringBuilder capitals = new StringBuilder(word.length());
        word.chars().forEach(c -> capitals.append(c < 0x80 ? (char) c : Character.toUpperCase((char) c)));
        Set<String> spellings = new LinkedHashSet<>();
        for (String spelling : List.of(word, capitals.toString())) {
            spellings.add(spelling);
            String apart = Normalizer.normalize(spelling, Normalizer.Form.NFD);
            spellings.add(apart);
            // These have no marks that come off.
            String plain = MARKS.matcher(apart).replaceAll("").replace('ł', 'l').replace('ı', 'i');
            spellings.add(plain.toLowerCase(Locale.ROOT));
        }
        return spellings;
    }

    private static void put(byte[] name) {
        int bucket = bucket(name[name.length - 2]);
        byte[][] old = NAMES[bucket] == null ? new byte[0][] : NAMES[bucket];
        byte[][] grown = Arrays.copyOf(old, old.length + 1);
        grown[old.length] = name;
        NAMES[bucket] = grown;
    }

    private static int bucket(byte last) {
        return last < 0 ? OTHER_LETTER : Chars.toLower(last) - 'a';
    }

    int from;
    int to;

    private static byte[][] words(String list) {
        String[] split = list.split(" ", -1);
        byte[][] all = new byte[split.length][];
        for (int i = 0; i < split.length; i++) {
            all[i] = split[i].getBytes(StandardCharsets.UTF_8);
        }
        return all;
    }

    /** Whether the sign ({@code =} or {@code :}) at {@code at} gives a secret its value; {@link #from} and {@link #to} tell where. */
    boolean find(byte[] text, int at, int floor, int end) {
        int name = at;
        while (name > floor && at - name < 4 && isFiller(text[name - 1])) {
            name--;
        }
        if (name == floor || !(Chars.letter(text[name - 1]) || text[name - 1] < 0)) {
            return false;
        }
        byte kind = nameKind(text, name, floor);
        if (kind == 0) {
            return false;
        }
        value(text, at, end);
        if (to <= from || isPlaceholder(text)) {
            return false;
        }
        boolean equals = text[at] == '='
                || (at + 1 < end && text[at + 1] == '=')
                || text[from - 1] == '"'
                || text[from - 1] == '\'';
        return switch (kind) {
            case '!' -> equals || !isSentence(text, end);
            case '=' -> text[at] == '=' || looksRandom(text, 3) || isDigits(text);
            default -> !isMap(text) && (looksRandom(text, equals ? 4 : 8) || (equals && to - from >= 12));
        };
    }

    /** {@code <password>…</password>}: whether the element that {@code >} at {@code at} opens holds a secret. */
    boolean element(byte[] text, int at, int floor, int end) {
        int low = Math.max(floor, at - TAG_BYTES_MAX);
        int open = at - 1;
        while (open >= low && text[open] != '<' && text[open] != '>') {
            open--;
        }
        if (open < low || text[open] != '<' || text[at - 1] == '/') {
            return false;
        }
        int name = open + 1;
        while (name < at && (Chars.base64Url(text[name]) || text[name] == '.' || text[name] == ':' || text[name] < 0)) {
            name++;
        }
        byte kind = name == open + 1 || !isNameEnd(text[name - 1]) ? 0 : nameKind(text, name, open + 1);
        if (kind == 0) {
            return false;
        }
        boolean literal = Chars.matches(text, at + 1, end, CDATA);
        from = literal ? at + 1 + CDATA.length : at + 1;
        to = from;
        int stop = Math.min(end, from + VALUE_BYTES_MAX);
        while (to < stop && !(literal ? Chars.matches(text, to, end, CDATA_END) : text[to] == '<')) {
            to++;
        }
        if (!literal && !(to + 1 < end && text[to] == '<' && text[to + 1] == '/') && !isCut(text, open, floor, end)) {
            return false;
        }
        while (from < to && text[from] >= 0 && text[from] <= ' ') {
            from++;
        }
        return isGiven(text, kind);
    }

    /** Without its end, an element at the end of a text; {@code password=<your-password>, …} is none. */
    private boolean isCut(byte[] text, int open, int floor, int end) {
        if (to < end || (open > floor && text[open - 1] != '>' && text[open - 1] != '\n')) {
            return false;
        }
        for (int p = from; p < to; p++) {
            if (text[p] == ' ') {
                return false;
            }
        }
        return true;
    }

    /** {@code --password …}: whether the option at {@code at} has a secret behind a blank. */
    boolean option(byte[] text, int at, int floor, int end) {
        if (at > floor && (Chars.alnum(text[at - 1]) || text[at - 1] == '-')) {
            return false;
        }
        int name = at + 2;
        int stop = Math.min(end, name + TAG_BYTES_MAX);
        while (name < stop && Chars.base64Url(text[name])) {
            name++;
        }
        if (name == at + 2
                || name + 1 >= end
                || text[name] != ' '
                || text[name + 1] == '-'
                || !isNameEnd(text[name - 1])) {
            return false;
        }
        byte kind = nameKind(text, name, at + 2);
        if (kind == 0) {
            return false;
        }
        value(text, name, end);
        return isGiven(text, kind);
    }

    private static boolean isNameEnd(byte b) {
        return Chars.letter(b) || b < 0;
    }

    private boolean isGiven(byte[] text, byte kind) {
        if (to <= from || isPlaceholder(text)) {
            return false;
        }
        return kind == '!' || kind == '=' || looksRandom(text, 4) || to - from >= 12;
    }

    private static boolean isFiller(byte b) {
        return b == ' ' || b == '"' || b == '\'' || b == '\\' || b == ']' || b == '`';
    }

    /** The kind of the name that ends at {@code end}; 0 where it does not say secret. */
    private static byte nameKind(byte[] text, int end, int floor) {
        byte[][] names = NAMES[bucket(text[end - 1])];
        if (names == null) {
            return 0;
        }
        for (byte[] name : names) {
            int p = end - 1;
            int i = name.length - 2;
            while (i >= 0 && p >= floor) {
                if (Chars.toLower(text[p]) == name[i]) {
                    i--;
                } else if (i == name.length - 2 || !isJoiner(text[p])) {
                    break;
                }
                p--;
            }
            if (i < 0 && (name.length > 6 || startsWord(text, p, floor))) {
                return name[name.length - 1];
            }
        }
        return 0;
    }

    private static boolean isJoiner(byte b) {
        return b == '_' || b == '-' || b == ' ' || b == '.';
    }

    private static boolean startsWord(byte[] text, int before, int floor) {
        if (before < floor || !Chars.alnum(text[before])) {
            return true;
        }
        return Chars.lower(text[before]) && Chars.upper(text[before + 1]);
    }

    private void value(byte[] text, int at, int end) {
        int p = at + 1;
        while (p < end && (text[p] == '=' || text[p] == '>' || text[p] == ' ' || text[p] == '\t') && p - at < 6) {
            p++;
        }
        int stop = Math.min(end, p + VALUE_BYTES_MAX);
        boolean escaped = p + 1 < end && text[p] == '\\' && (text[p + 1] == '"' || text[p + 1] == '\'');
        if (escaped) {
            p++;
        }
        if (p < end && (text[p] == '"' || text[p] == '\'' || text[p] == '`')) {
            from = p + 1;
            to = quotedEnd(text, from, stop, text[p], escaped);
            return;
        }
        from = p;
        to = valueEnd(text, p, stop);
        if (to < stop && text[to] == ' ' && isOneOf(text, from, to, SCHEMES)) {
            from = to + 1;
            to = valueEnd(text, from, stop);
        }
    }

    /** A bare value; one that begins with a bracket may go on behind its partner. */
    private static int valueEnd(byte[] text, int from, int stop) {
        int placeholders = Placeholders.end(text, from, stop);
        if (placeholders > from) {
            return bareEnd(text, placeholders, stop);
        }
        int end = bareEnd(text, from, stop);
        if (end >= stop || end <= from) {
            return end;
        }
        byte open = text[from] == '$' ? text[from + 1] : text[from];
        boolean partner = (open == '[' && text[end] == ']') || (open == '{' && text[end] == '}');
        return partner ? bareEnd(text, end + 1, stop) : end;
    }

    private static int quotedEnd(byte[] text, int from, int stop, byte quote, boolean escaped) {
        for (int p = from; p < stop; p++) {
            if (text[p] == quote && (escaped || p == from || text[p - 1] != '\\')) {
                return escaped && p > from && text[p - 1] == '\\' ? p - 1 : p;
            }
        }
        return stop;
    }

    private static int bareEnd(byte[] text, int from, int stop) {
        int p = from;
        while (p < stop && (text[p] > ' ' || text[p] < 0) && "\"'`,;&)}]<>|\\".indexOf(text[p]) < 0) {
            p++;
        }
        while (p > from && (text[p - 1] == '.' || text[p - 1] == ':') && p < stop && text[p] == ' ') {
            p--;
        }
        if (p == stop && p > from && text[p - 1] == '.') {
            p--;
        }
        return p;
    }

    /** {@code auth={user=…}} and {@code credentials: [{name: …}]}: what is in there is looked at by itself. */
    private boolean isMap(byte[] text) {
        if (text[from] != '{' && text[from] != '[') {
            return false;
        }
        for (int p = from + 1; p < to; p++) {
            if (text[p] == '=' || text[p] == ':') {
                return true;
            }
        }
        return false;
    }

    private boolean isPlaceholder(byte[] text) {
        if ((text[from] == '%' && to - from == 2) || Placeholders.isWhole(text, from, to)) {
            return true;
        }
        if (to - from <= 2 && "[{<$".indexOf(text[from]) >= 0 && !Chars.alnum(text[to - 1])) {
            return true;
        }
        if (Pseudonyms.end(text, from, to) == to) {
            return true;
        }
        boolean stars = true;
        for (int p = from; p < to; p++) {
            stars &= text[p] == '*' || text[p] == '.' || text[p] == '-';
        }
        return stars || isOneOf(text, from, to, PLACEHOLDERS);
    }

    private static boolean isOneOf(byte[] text, int from, int to, byte[][] words) {
        for (byte[] word : words) {
            if (word.length == to - from && Chars.matchesIgnoringCase(text, from, to, word)) {
                return true;
            }
        }
        return false;
    }

    /** {@code password: hunter at the gate}: a bare lower-case word and more words behind it. */
    private boolean isSentence(byte[] text, int end) {
        for (int p = from; p < to; p++) {
            if (!Chars.letter(text[p]) || (p > from && Chars.upper(text[p]))) {
                return false;
            }
        }
        return to + 1 < end && text[to] == ' ' && Chars.lower(text[to + 1]);
    }

    private boolean looksRandom(byte[] text, int min) {
        int digits = 0;
        int uppers = 0;
        int lowers = 0;
        int symbols = 0;
        for (int p = from; p < to; p++) {
            byte b = text[p];
            digits += Chars.digit(b) ? 1 : 0;
            uppers += Chars.upper(b) && p > from ? 1 : 0;
            lowers += Chars.lower(b) ? 1 : 0;
            symbols += Chars.alnum(b) ? 0 : 1;
        }
        boolean mixed = (digits > 0 && digits < to - from) || (uppers > 0 && lowers > 0) || (symbols > 0 && digits > 0);
        return to - from >= min && mixed;
    }

    private boolean isDigits(byte[] text) {
        for (int p = from; p < to; p++) {
            if (!Chars.digit(text[p])) {
                return false;
            }
        }
        return to - from >= 3 && to - from <= 8;
    }
}
