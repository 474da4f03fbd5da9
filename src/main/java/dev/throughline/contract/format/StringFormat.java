package dev.throughline.contract.format;

import dev.throughline.contract.pattern.TextPattern;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A format by its JSON Schema name. */
public enum StringFormat {
    DATE_TIME,
    DATE,
    TIME,
    DURATION,
    EMAIL,
    IDN_EMAIL,
    HOSTNAME,
    IDN_HOSTNAME,
    IPV4,
    IPV6,
    URI,
    URI_REFERENCE,
    IRI,
    IRI_REFERENCE,
    UUID,
    URI_TEMPLATE,
    JSON_POINTER,
    RELATIVE_JSON_POINTER,
    REGEX;

    private static final Map<String, StringFormat> BY_LABEL = new HashMap<>();

    static {
        for (StringFormat format : values()) {
            BY_LABEL.put(format.label(), format);
        }
    }

    /** The name as it stands in schemas. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The format of this name, or null: an unknown format asserts nothing. */
    public static @Nullable StringFormat find(String label) {
        return BY_LABEL.get(label);
    }

    /** Whether the text in {@code [from, to)} has this format. */
    public boolean matches(byte[] utf8, int from, int to) {
        return switch (this) {
            case DATE_TIME -> DateTimes.isDateTime(utf8, from, to);
            case DATE -> DateTimes.isDate(utf8, from, to);
            case TIME -> DateTimes.isTime(utf8, from, to);
            case DURATION -> DateTimes.isDuration(utf8, from, to);
            case EMAIL -> Mailboxes.isMailbox(utf8, from, to, false);
            case IDN_EMAIL -> Mailboxes.isMailbox(utf8, from, to, true);
            case HOSTNAME -> Hostnames.isHostname(utf8, from, to);
            case IDN_HOSTNAME -> Hostnames.isIdnHostname(utf8, from, to);
            case IPV4 -> IpAddresses.isIpv4(utf8, from, to);
            case IPV6 -> IpAddresses.isIpv6(utf8, from, to);
            case URI -> new UriSyntax(utf8, from, to, false).isUri();
            case URI_REFERENCE -> new UriSyntax(utf8, from, to, false).isReference();
            case IRI -> new UriSyntax(utf8, from, to, true).isUri();
            case IRI_REFERENCE -> new UriSyntax(utf8, from, to, true).isReference();
            case UUID -> isUuid(utf8, from, to);
            case URI_TEMPLATE -> UriTemplates.isTemplate(utf8, from, to);
            case JSON_POINTER -> isJsonPointer(utf8, from, to);
            case RELATIVE_JSON_POINTER -> isRelativeJsonPointer(utf8, from, to);
            case REGEX -> TextPattern.isWellFormed(new String(utf8, from, to - from, StandardCharsets.UTF_8));
        };
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    static boolean isHex(byte b) {
        return isDigit(b) || ((b | 0x20) >= 'a' && (b | 0x20) <= 'f');
    }

    static boolean isLetter(byte b) {
        return (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
    }

    private static boolean isUuid(byte[] utf8, int from, int to) {
        if (to - from != 36) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? utf8[from + i] != '-' : !isHex(utf8[from + i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isJsonPointer(byte[] utf8, int from, int to) {
        if (from < to && utf8[from] != '/') {
            return false;
        }
        for (int at = from; at < to; at++) {
            if (utf8[at] == '~' && (at + 1 == to || (utf8[at + 1] != '0' && utf8[at + 1] != '1'))) {
                return false;
            }
        }
        return true;
    }

    /** The draft that 2020-12 names allows an index manipulation ({@code 0+1}) too. */
    private static boolean isRelativeJsonPointer(byte[] utf8, int from, int to) {
        int at = integer(utf8, from, to);
        if (at > from && at < to && (utf8[at] == '+' || utf8[at] == '-')) {
            int digits = at + 1;
            at = digits < to && utf8[digits] == '0' ? -1 : integer(utf8, digits, to);
            at = at == digits ? -1 : at;
        }
        if (at <= from) {
            return false;
        }
        return (at + 1 == to && utf8[at] == '#') || isJsonPointer(utf8, at, to);
    }

    /** After a non-negative integer without leading zeros; {@code from} where there is none. */
    private static int integer(byte[] utf8, int from, int to) {
        int at = from;
        while (at < to && isDigit(utf8[at])) {
            at++;
        }
        return at - from > 1 && utf8[from] == '0' ? from + 1 : at;
    }
}
