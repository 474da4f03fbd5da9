package dev.throughline.masking.detect;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * One pass over a text. A 256-entry table says which bytes can begin or prove something; only there an exact check runs, and it
 * looks no further back than the last hit. Reused by one worker; not thread-safe.
 */
public final class TextScan {
    /** All detectors. */
    public static final int ALL = (1 << Detector.count()) - 1;

    private static final byte DIGIT = 1;
    private static final byte AT = 2;
    private static final byte COLON = 3;
    private static final byte EQUALS = 4;
    private static final byte JOINER = 5;
    private static final byte UPPER_A = 6;
    private static final byte SCHEME = 7;
    private static final byte UPPER_J = 8;
    private static final byte UPPER_S = 9;
    private static final byte DISGUISE = 10;
    private static final byte TAG = 11;
    /** Nothing starts here; 0 is the same for small letters and blanks, which come in rows and are skipped by eights. */
    private static final byte NOTHING = 12;

    private static final byte[] TRIGGER = new byte[256];

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    static {
        for (int c = '0'; c <= '9'; c++) {
            TRIGGER[c] = DIGIT;
        }
        for (int c = 0; c < 256; c++) {
            boolean plain = (c >= 'a' && c <= 'z') || c == ' ';
            TRIGGER[c] = plain || TRIGGER[c] != 0 ? TRIGGER[c] : NOTHING;
        }
        TRIGGER['@'] = AT;
        TRIGGER[':'] = COLON;
        TRIGGER['='] = EQUALS;
        TRIGGER['_'] = JOINER;
        TRIGGER['-'] = JOINER;
        TRIGGER['>'] = TAG;
        TRIGGER['A'] = UPPER_A;
        TRIGGER['B'] = SCHEME;
        TRIGGER['b'] = SCHEME;
        TRIGGER['J'] = UPPER_J;
        TRIGGER['S'] = UPPER_S;
        for (int c : new int[] {'%', '\\', '+', 0xC2, 0xD9, 0xDB, 0xE0, 0xE2, 0xE3, 0xEF}) {
            TRIGGER[c] = DISGUISE;
        }
    }

    private final int enabled;
    private final NumberScan numbers = new NumberScan();
    private final Assignment assignment = new Assignment();
    private final Disguise disguise = new Disguise();
    private final Hits disguised = new Hits();

    private byte[] text = new byte[0];
    private int to;
    private int floor;
    private boolean sure;
    private boolean seenDisguise;
    private Hits hits = new Hits();

    /** @param enabled the detectors that report, as {@link Detector#bit}s */
    public TextScan(int enabled) {
        this.enabled = enabled;
    }

    /**
     * Finds all in {@code [from, to)}.
     *
     * @param context {@link ContextWords} of the field that holds the text
     * @param sureOnly only what no business number looks like: for entity ids and the like
     */
    public void scan(byte[] source, int from, int end, int context, boolean sureOnly, Hits into) {
        into.reset();
        pass(source, from, end, context, sureOnly, into);
        if (seenDisguise) {
            disguise.uncover(source, from, end);
            disguised.reset();
            pass(disguise.text(), 0, disguise.length(), context, sureOnly, disguised);
            for (int i = 0; i < disguised.count(); i++) {
                into.add(disguised.detector(i), disguise.origin(disguised.from(i)), disguise.origin(disguised.to(i)));
            }
        }
    }

    private void pass(byte[] source, int from, int end, int context, boolean sureOnly, Hits into) {
        text = source;
        to = end;
        floor = from;
        sure = sureOnly;
        hits = into;
        seenDisguise = false;
        numbers.begin(source, end, context, sureOnly);
        int at = from;
        while (at < end) {
            byte trigger = TRIGGER[source[at] & 0xFF];
            if (trigger == 0) {
                at = afterPlain(source, at + 1, end);
            } else {
                at = trigger == NOTHING ? at + 1 : at(trigger, at);
            }
        }
    }

    /** The first byte at or after {@code from} that is neither a blank nor a small letter but b. */
    private static int afterPlain(byte[] source, int from, int end) {
        int at = from;
        while (end - at >= 8) {
            long word = (long) LONGS.get(source, at);
            long low = word & ~HIGHS;
            long letters = (low + ONES * (0x80 - 'a')) & ~(low + ONES * (0x80 - 'z' - 1));
            long blanks = ~((low ^ ONES * ' ') + ~HIGHS);
            long notB = (low ^ ONES * 'b') + ~HIGHS;
            long other = ~((letters | blanks) & notB & ~word) & HIGHS;
            if (other != 0) {
                return at + (Long.numberOfTrailingZeros(other) >>> 3);
            }
            at += 8;
        }
        return at;
    }

    /** The offset at which the scan goes on. */
    private int at(byte trigger, int at) {
        return switch (trigger) {
            case DIGIT -> number(at);
            case AT -> email(at);
            case COLON -> colon(at);
            case EQUALS -> assigned(at);
            case JOINER -> joiner(at);
            case UPPER_A -> secret(at, SecretShapes.upperAEnd(text, at, floor, to), at + 1);
            case SCHEME -> scheme(at);
            case TAG -> element(at);
            case UPPER_J -> secret(at - 2, SecretShapes.jwtEnd(text, at, floor, to), at + 1);
            case UPPER_S -> secret(at, SecretShapes.sendGridEnd(text, at, floor, to), at + 1);
            default -> {
                seenDisguise |= Disguise.isAt(text, at, to);
                yield at + 1;
            }
        };
    }

    private int hit(Detector detector, int from, int end) {
        if ((enabled & detector.bit()) != 0) {
            hits.add(detector, from, end);
        }
        floor = end;
        return end;
    }

    private int secret(int from, int end, int otherwise) {
        return end < 0 ? otherwise : hit(Detector.SECRET, from, end);
    }

    private int number(int at) {
        Detector found = numbers.at(at, floor);
        if (found != null) {
            return hit(found, numbers.hitFrom(), numbers.hitTo());
        }
        return numbers.goOnAt();
    }

    private int email(int at) {
        int start = EmailAddress.start(text, at, floor);
        int end = start < 0 ? -1 : EmailAddress.end(text, at, to);
        boolean repository = end > 0
                && at - start == 3
                && text[start] == 'g'
                && text[start + 1] == 'i'
                && text[start + 2] == 't'
                && end < to
                && (text[end] == ':' || text[end] == '/');
        return end < 0 || repository ? at + 1 : hit(Detector.EMAIL, start, end);
    }

    private int colon(int at) {
        if (at - 3 >= floor && text[at - 1] == 'i' && text[at - 2] == 'i' && text[at - 3] == 'p') {
            int end = Pseudonyms.end(text, at - 3, to);
            if (end > 0) {
                floor = end;
                return end;
            }
        }
        if (at + 2 < to && text[at + 1] == '/' && text[at + 2] == '/') {
            return authority(at + 3);
        }
        if (!sure && isHexBeside(at)) {
            int end = address(at);
            if (end > 0) {
                return end;
            }
        }
        return assigned(at);
    }

    private boolean isHexBeside(int at) {
        return at + 1 < to
                && (text[at + 1] == ':' || Chars.hex(text[at + 1]))
                && (at == floor || Chars.hex(text[at - 1]) || text[at + 1] == ':');
    }

    /** An IPv6 address whose first colon stands at {@code at}. */
    private int address(int at) {
        int start = at;
        while (start > floor && at - start < 5 && Chars.hex(text[start - 1])) {
            start--;
        }
        boolean inside = at - start > 4
                || (start > floor
                        && (Chars.alnum(text[start - 1]) || text[start - 1] == '_' || text[start - 1] == ':'));
        int end = inside ? -1 : IpAddress.v6End(text, start, to);
        return end < 0 ? -1 : hit(Detector.IP, start, end);
    }

    private int authority(int from) {
        int at = UserInfo.at(text, from, to);
        if (at < 0) {
            return from;
        }
        int colon = UserInfo.colon(text, from, at);
        if (colon < 0) {
            int length = at - from;
            boolean token = SecretShapes.tokenEnd(text, from, at) == at && length >= 20;
            if (token) {
                hit(Detector.SECRET, from, at);
                return at + 1;
            }
            return UserInfo.isDotted(text, from, at) || length == 0 ? from : skip(at + 1);
        }
        for (int p = from; p < colon; p++) {
            if (text[p] == '@') {
                email(p);
            }
        }
        boolean pseudonym = Pseudonyms.end(text, colon + 1, at) == at || Pseudonyms.end(text, from, at) == at;
        if (!pseudonym && !Placeholders.isWhole(text, colon + 1, at)) {
            hit(Detector.SECRET, Math.max(floor, colon + 1), at);
        }
        return skip(at + 1);
    }

    private int skip(int end) {
        floor = Math.max(floor, end);
        return end;
    }

    private int assigned(int at) {
        if (assignment.find(text, at, floor, to)) {
            return hit(Detector.SECRET, Math.max(floor, assignment.from), assignment.to);
        }
        return at + 1;
    }

    private int element(int at) {
        return assignment.element(text, at, floor, to) ? hit(Detector.SECRET, assignment.from, assignment.to) : at + 1;
    }

    private int scheme(int at) {
        if (at - 10 > floor && text[at - 1] == '/') {
            int hook = SecretShapes.webhookStart(text, at, floor);
            int hookEnd = hook < 0 ? -1 : SecretShapes.webhookEnd(text, at, to);
            if (hookEnd > 0) {
                return hit(Detector.SECRET, hook, hookEnd);
            }
        }
        int start = SecretShapes.schemeTokenStart(text, at, floor, to);
        int end = start < 0 ? -1 : SecretShapes.tokenEnd(text, start, to);
        boolean pseudonym = end > 0 && Pseudonyms.end(text, start, to) > 0;
        return end < 0 || pseudonym ? at + 1 : hit(Detector.SECRET, start, end);
    }

    private int joiner(int at) {
        if (text[at] == '-' && at + 10 < to && text[at + 1] == '-' && text[at + 2] == '-') {
            int end = SecretShapes.privateKeyEnd(text, at, to);
            if (end > 0) {
                return hit(Detector.SECRET, at, end);
            }
        }
        if (text[at] == '-' && at + 2 < to && text[at + 1] == '-' && assignment.option(text, at, floor, to)) {
            return hit(Detector.SECRET, assignment.from, assignment.to);
        }
        int start = SecretShapes.prefixedStart(text, at, floor, to);
        return start < 0 ? at + 1 : hit(Detector.SECRET, start, SecretShapes.prefixedEnd(text, start, to));
    }
}
