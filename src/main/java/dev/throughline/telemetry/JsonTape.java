package dev.throughline.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON value (RFC 8259), parsed once in place: four {@code int}s a token over the caller's bytes.
 *
 * <p>Node 0 is the value itself. A container's children follow it in document order; an object's are {@link #KEY} nodes, each
 * followed by its value. {@link #next(int)} is the node after the whole subtree, so children are walked as
 *
 * <pre>{@code
 * for (int key = tape.firstChild(object); key < tape.next(object); key = tape.next(tape.value(key))) { … }
 * for (int item = tape.firstChild(array); item < tape.next(array); item = tape.next(item)) { … }
 * }</pre>
 *
 * <p>What parsing guarantees: well-formed JSON, valid UTF-8 (RFC 3629), no duplicate member names in one object (compared as
 * written), and the bounds of {@link Limits}. The bytes are borrowed until the next parse. Numbers and strings are not
 * decoded; string offsets are those of the content between the quotes. Reusable, not thread-safe.
 */
public final class JsonTape {
    public static final int OBJECT = 1;
    public static final int ARRAY = 2;
    public static final int KEY = 3;
    public static final int STRING = 4;
    public static final int NUMBER = 5;
    public static final int TRUE = 6;
    public static final int FALSE = 7;
    public static final int NULL = 8;

    private static final int STRIDE = 4;
    private static final int KIND_MASK = 0xF;
    private static final int ESCAPED = 1 << 4;
    private static final int NON_ASCII = 1 << 5;
    private static final int NOT_INTEGER = 1 << 6;
    private static final int COUNT_SHIFT = 8;
    private static final int BLOCK = 64;
    private static final int NO_BLOCK = -1;
    /** Longs a nesting level of the filter that says which key hashes an object may already have. */
    private static final int FILTER_LONGS = 4;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private final Limits limits;
    private byte[] bytes = new byte[0];
    private int[] nodes = new int[STRIDE * 256];
    private int count;
    private int position;
    private int end;
    private final int[] open;
    private final long[] keysSeen;
    private final int nodesMax;
    private final int stringBytesMax;
    /** The offset of the 64 bytes last classified, and one bit for each that is special within a string. */
    private int block = NO_BLOCK;

    private long special;
    private final byte[] lastBlock = new byte[BLOCK];
    private int errorOffset;

    /**
     * Bounds of one record.
     *
     * @param depthMax nested containers
     * @param nodesMax tokens, keys included
     * @param stringBytesMax encoded bytes of one string or key
     * @param uniqueKeys whether a member name that comes twice in an object is refused
     */
    public record Limits(int depthMax, int nodesMax, int stringBytesMax, boolean uniqueKeys) {
        public static final Limits DEFAULT = new Limits(64, 65_536, 1 << 20);

        public Limits(int depthMax, int nodesMax, int stringBytesMax) {
            this(depthMax, nodesMax, stringBytesMax, true);
        }
    }

    public JsonTape(Limits limits) {
        this.limits = limits;
        this.nodesMax = limits.nodesMax();
        this.stringBytesMax = limits.stringBytesMax();
        this.open = new int[limits.depthMax() + 1];
        this.keysSeen = new long[FILTER_LONGS * (limits.depthMax() + 1)];
    }

    public JsonTape() {
        this(Limits.DEFAULT);
    }

    /**
     * Parses the value that starts at or after {@code from} (blanks are skipped).
     *
     * @return the offset after the value
     * @throws JsonSyntaxException where it is not JSON or exceeds a bound; the tape is then empty
     */
    public int parse(byte[] source, int from, int to) throws JsonSyntaxException {
        bytes = source;
        count = 0;
        position = from;
        end = to;
        block = NO_BLOCK;
        int after = run();
        if (after < 0) {
            count = 0;
            throw new JsonSyntaxException(JsonSyntaxException.Problem.ofCode(-after), errorOffset - from);
        }
        return after;
    }

    /** Parses a text that must be one value and nothing else but blanks. */
    public void parseWhole(byte[] source) throws JsonSyntaxException {
        parseWhole(source, 0, source.length);
    }

    /** Parses a range that must be one value and nothing else but blanks. */
    public void parseWhole(byte[] source, int from, int to) throws JsonSyntaxException {
        int after = skipBlanks(source, parse(source, from, to), to);
        if (after < to) {
            count = 0;
            throw new JsonSyntaxException(JsonSyntaxException.Problem.TRAILING_CHARACTERS, after - from);
        }
    }

    /** The first offset at or after {@code from} that is not a JSON blank, or {@code to}. */
    public static int skipBlanks(byte[] source, int from, int to) {
        int at = from;
        while (at < to && source[at] <= ' ' && isBlank(source[at])) {
            at++;
        }
        return at;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    // ---- reading
    // -------------------------------------------------------------------------------------------------------

    /** The bytes that offsets refer to. */
    public byte[] bytes() {
        return bytes;
    }

    /** Nodes on the tape; 0 before the first successful parse. */
    public int size() {
        return count;
    }

    public int kind(int node) {
        return nodes[node * STRIDE] & KIND_MASK;
    }

    /** First byte: of the content for a string or key, of the bracket for a container. */
    public int start(int node) {
        return nodes[node * STRIDE + 1];
    }

    /** After the last byte: of the content for a string or key (the closing quote), of the bracket for a container. */
    public int end(int node) {
        return nodes[node * STRIDE + 2];
    }

    /** The node after this one's whole subtree; for a {@link #KEY}, its value. */
    public int next(int node) {
        int kind = kind(node);
        return kind == OBJECT || kind == ARRAY ? nodes[node * STRIDE + 3] : node + 1;
    }

    public int firstChild(int container) {
        return container + 1;
    }

    /** The value of a {@link #KEY}. */
    public int value(int key) {
        return key + 1;
    }

    /** Members of an object, items of an array. */
    public int childCount(int container) {
        return nodes[container * STRIDE] >>> COUNT_SHIFT;
    }

    /** The {@link #hash(byte[], int, int)} of a key's bytes as written. */
    public int keyHash(int key) {
        return nodes[key * STRIDE + 3];
    }

    /** Whether a string or key holds a backslash, so that its bytes are not its text. */
    public boolean isEscaped(int node) {
        return (nodes[node * STRIDE] & ESCAPED) != 0;
    }

    /** Whether a string or key is pure ASCII (escapes count as what they are written with). */
    public boolean isAscii(int node) {
        return (nodes[node * STRIDE] & NON_ASCII) == 0;
    }

    /** Whether a number is written without fraction and exponent. */
    public boolean isIntegerLiteral(int number) {
        return (nodes[number * STRIDE] & NOT_INTEGER) == 0;
    }

    /** Whether a string's or key's text is exactly these ASCII bytes; false where it is written with escapes. */
    public boolean contentEquals(int node, byte[] ascii) {
        int from = start(node);
        return !isEscaped(node) && Arrays.equals(bytes, from, end(node), ascii, 0, ascii.length);
    }

    /** The member of {@code object} named by these bytes (written without escapes): its value's node, or -1. */
    public int member(int object, byte[] name) {
        if (kind(object) != OBJECT) {
            return -1;
        }
        int hash = hash(name, 0, name.length);
        for (int key = firstChild(object); key < next(object); key = next(value(key))) {
            if (keyHash(key) == hash && contentEquals(key, name)) {
                return value(key);
            }
        }
        return -1;
    }

    /** The text of a string or key, escapes decoded; of any other node, its JSON. Allocates: not for the hot path. */
    public String text(int node) {
        String written = new String(bytes, start(node), end(node) - start(node), StandardCharsets.UTF_8);
        return isEscaped(node) ? JsonStrings.unescape(written) : written;
    }

    /** The value of an integer literal that fits a long, otherwise {@code otherwise}. */
    public long longValue(int number, long otherwise) {
        int at = start(number);
        int to = end(number);
        boolean negative = bytes[at] == '-';
        at += negative ? 1 : 0;
        if (!isIntegerLiteral(number) || to - at > 18) {
            return otherwise;
        }
        long value = 0;
        for (; at < to; at++) {
            value = value * 10 + (bytes[at] - '0');
        }
        return negative ? -value : value;
    }

    /** The hash of {@link #keyHash(int)} for a name written without escapes. */
    public static int hash(byte[] source, int from, int to) {
        int length = to - from;
        if (length < 8) {
            return finish(mix(0, shortWord(source, from, length)), length);
        }
        // Up to sixteen bytes, which most names are, are two words that may overlap: no loop.
        long h = mix(0, (long) LONGS.get(source, from));
        for (int at = from + 8; at < to - 8; at += 8) {
            h = mix(h, (long) LONGS.get(source, at));
        }
        return finish(mix(h, (long) LONGS.get(source, to - 8)), length);
    }

    private static long mix(long h, long word) {
        long mixed = (h ^ word) * 0xC2B2AE3D27D4EB4FL;
        return mixed ^ mixed >>> 32;
    }

    private static int finish(long h, int length) {
        long mixed = (h + length) * 0x9E3779B97F4A7C15L;
        return (int) (mixed ^ mixed >>> 32);
    }

    /** Up to seven bytes as the low bytes of a word: by one load where there is room. */
    private static long shortWord(byte[] source, int from, int length) {
        if (source.length - from >= 8) {
            return (long) LONGS.get(source, from) & ((1L << (8 * length)) - 1);
        }
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (source[from + i] & 0xFFL) << (8 * i);
        }
        return word;
    }

    @Override
    public String toString() {
        return "JsonTape[" + count + " nodes]";
    }

    // ---- parsing
    // -------------------------------------------------------------------------------------------------------

    private int fail(JsonSyntaxException.Problem problem, int at) {
        errorOffset = at;
        return -problem.code();
    }

    private int add(int kind, int start, int stop, int extra) {
        if ((count + 1) * STRIDE > nodes.length) {
            nodes = Arrays.copyOf(nodes, nodes.length * 2);
        }
        int base = count * STRIDE;
        nodes[base] = kind;
        nodes[base + 1] = start;
        nodes[base + 2] = stop;
        nodes[base + 3] = extra;
        return count++;
    }

    /** The whole value, iteratively: the depth of the input is not the depth of the stack. */
    private int run() {
        int depth = 0;
        int at = position;
        byte[] source = bytes;
        while (true) {
            // A value is due.
            at = skipBlanks(source, at, end);
            if (at >= end) {
                return fail(JsonSyntaxException.Problem.UNEXPECTED_END, at);
            }
            if (count >= nodesMax) {
                return fail(JsonSyntaxException.Problem.TOO_MANY_TOKENS, at);
            }
            byte b = source[at];
            if (b == '{' || b == '[') {
                if (depth >= limits.depthMax()) {
                    return fail(JsonSyntaxException.Problem.TOO_DEEP, at);
                }
                open[depth] = add(b == '{' ? OBJECT : ARRAY, at, 0, 0);
                clearKeys(depth++);
                at = skipBlanks(source, at + 1, end);
                if (at < end && source[at] == (b == '{' ? '}' : ']')) {
                    at = close(--depth, at + 1);
                } else if (b == '{') {
                    at = key(depth - 1, at);
                    if (at < 0) {
                        return at;
                    }
                    continue;
                } else {
                    continue;
                }
            } else {
                at = scalar(b, at);
                if (at < 0) {
                    return at;
                }
            }
            // A value is done: what encloses it goes on or closes.
            while (true) {
                if (depth == 0) {
                    return at;
                }
                int container = open[depth - 1];
                nodes[container * STRIDE] += 1 << COUNT_SHIFT;
                at = skipBlanks(source, at, end);
                if (at >= end) {
                    return fail(JsonSyntaxException.Problem.UNEXPECTED_END, at);
                }
                boolean object = (nodes[container * STRIDE] & KIND_MASK) == OBJECT;
                byte c = source[at];
                if (c == ',') {
                    at++;
                    if (object) {
                        at = key(depth - 1, skipBlanks(source, at, end));
                        if (at < 0) {
                            return at;
                        }
                    }
                    break;
                }
                if (c != (object ? '}' : ']')) {
                    return fail(JsonSyntaxException.Problem.UNEXPECTED_CHARACTER, at);
                }
                at = close(--depth, at + 1);
            }
        }
    }

    private void clearKeys(int depth) {
        int filter = depth * FILTER_LONGS;
        keysSeen[filter] = 0;
        keysSeen[filter + 1] = 0;
        keysSeen[filter + 2] = 0;
        keysSeen[filter + 3] = 0;
    }

    private int close(int depth, int after) {
        int base = open[depth] * STRIDE;
        nodes[base + 2] = after;
        nodes[base + 3] = count;
        return after;
    }

    private int scalar(byte b, int at) {
        return switch (b) {
            case '"' -> string(STRING, at);
            case 't' -> literal(TRUE, at, 't', 'r', 'u', 'e');
            case 'n' -> literal(NULL, at, 'n', 'u', 'l', 'l');
            case 'f' -> falseLiteral(at);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(at);
            default -> fail(JsonSyntaxException.Problem.UNEXPECTED_CHARACTER, at);
        };
    }

    private int literal(int kind, int at, char a, char b, char c, char d) {
        if (end - at < 4) {
            return fail(JsonSyntaxException.Problem.UNEXPECTED_END, at);
        }
        if (bytes[at] != a || bytes[at + 1] != b || bytes[at + 2] != c || bytes[at + 3] != d) {
            return fail(JsonSyntaxException.Problem.UNEXPECTED_CHARACTER, at);
        }
        add(kind, at, at + 4, 0);
        return at + 4;
    }

    private int falseLiteral(int at) {
        if (end - at < 5) {
            return fail(JsonSyntaxException.Problem.UNEXPECTED_END, at);
        }
        if (bytes[at + 1] != 'a' || bytes[at + 2] != 'l' || bytes[at + 3] != 's' || bytes[at + 4] != 'e') {
            return fail(JsonSyntaxException.Problem.UNEXPECTED_CHARACTER, at);
        }
        add(FALSE, at, at + 5, 0);
        return at + 5;
    }

    private int number(int from) {
        int at = from;
        int kind = NUMBER;
        if (bytes[at] == '-') {
            at++;
        }
        if (at < end && bytes[at] == '0') {
            at++;
        } else {
            int digits = at;
            at = digits(at);
            if (at == digits) {
                return fail(JsonSyntaxException.Problem.MALFORMED_NUMBER, at);
            }
        }
        if (at < end && bytes[at] == '.') {
            kind |= NOT_INTEGER;
            int digits = ++at;
            at = digits(at);
            if (at == digits) {
                return fail(JsonSyntaxException.Problem.MALFORMED_NUMBER, at);
            }
        }
        if (at < end && (bytes[at] | 0x20) == 'e') {
            kind |= NOT_INTEGER;
            at++;
            if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
                at++;
            }
            int digits = at;
            at = digits(at);
            if (at == digits) {
                return fail(JsonSyntaxException.Problem.MALFORMED_NUMBER, at);
            }
        }
        if (at - from > stringBytesMax) {
            return fail(JsonSyntaxException.Problem.STRING_TOO_LONG, from);
        }
        add(kind, from, at, 0);
        return at;
    }

    private int digits(int from) {
        int at = from;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at;
    }

    private int key(int depth, int at) {
        if (at >= end) {
            return fail(JsonSyntaxException.Problem.UNEXPECTED_END, at);
        }
        if (bytes[at] != '"') {
            return fail(JsonSyntaxException.Problem.UNEXPECTED_CHARACTER, at);
        }
        if (count >= nodesMax) {
            return fail(JsonSyntaxException.Problem.TOO_MANY_TOKENS, at);
        }
        int node = count;
        int after = string(KEY, at);
        if (after < 0) {
            return after;
        }
        int hash = hash(bytes, at + 1, after - 1);
        nodes[node * STRIDE + 3] = hash;
        long bit = 1L << hash;
        int filter = depth * FILTER_LONGS + (hash >>> 6 & FILTER_LONGS - 1);
        if ((keysSeen[filter] & bit) != 0 && limits.uniqueKeys() && isDuplicate(open[depth], node)) {
            return fail(JsonSyntaxException.Problem.DUPLICATE_KEY, at);
        }
        keysSeen[filter] |= bit;
        after = skipBlanks(bytes, after, end);
        if (after >= end) {
            return fail(JsonSyntaxException.Problem.UNEXPECTED_END, after);
        }
        return bytes[after] == ':' ? after + 1 : fail(JsonSyntaxException.Problem.UNEXPECTED_CHARACTER, after);
    }

    /** Whether an earlier member of the object that is still open has the name of {@code key}. */
    private boolean isDuplicate(int object, int key) {
        int hash = keyHash(key);
        for (int other = object + 1; other < key; other = next(other + 1)) {
            if (keyHash(other) == hash && Arrays.equals(bytes, start(other), end(other), bytes, start(key), end(key))) {
                return true;
            }
        }
        return false;
    }

    /** A string of plain ASCII ends at the next special byte; where that is another one, {@link #mixedString} goes on. */
    private int string(int kind, int quote) {
        int from = quote + 1;
        int at = nextSpecial(from);
        if (at < end && bytes[at] == '"' && at - from <= stringBytesMax) {
            add(kind, from, at, 0);
            return at + 1;
        }
        return mixedString(kind, from, at);
    }

    private int mixedString(int kind, int from, int resume) {
        byte[] source = bytes;
        int at = resume;
        int flags = kind;
        while (true) {
            if (at >= end) {
                return fail(JsonSyntaxException.Problem.UNEXPECTED_END, at);
            }
            byte b = source[at];
            if (b == '"') {
                if (at - from > stringBytesMax) {
                    return fail(JsonSyntaxException.Problem.STRING_TOO_LONG, from);
                }
                add(flags, from, at, 0);
                return at + 1;
            }
            if (b == '\\') {
                flags |= ESCAPED;
                int length = JsonStrings.escapeLength(source, at, end);
                if (length < 0) {
                    return fail(JsonSyntaxException.Problem.MALFORMED_ESCAPE, at);
                }
                at += length;
            } else if (b < 0) {
                flags |= NON_ASCII;
                int length = JsonStrings.utf8Length(source, at, end);
                if (length < 0) {
                    return fail(JsonSyntaxException.Problem.INVALID_UTF8, at);
                }
                at += length;
            } else if (b < 0x20) {
                return fail(JsonSyntaxException.Problem.CONTROL_CHARACTER, at);
            } else {
                at++;
            }
            at = nextSpecial(at);
        }
    }

    /**
     * The first offset at or after {@code from} where a string may not simply go on, or {@link #end}. Bytes are classified 64 at a
     * time, independently of each other: finding the end of a string is then a bit scan, not a chain of loads.
     */
    private int nextSpecial(int from) {
        if (from >= end) {
            return end;
        }
        if ((from & -BLOCK) != block) {
            classify(from & -BLOCK);
        }
        long ahead = special & -1L << from;
        while (ahead == 0) {
            if (block + BLOCK >= end) {
                return end;
            }
            classify(block + BLOCK);
            ahead = special;
        }
        return Math.min(end, block + Long.numberOfTrailingZeros(ahead));
    }

    private void classify(int at) {
        byte[] source = bytes;
        int from = at;
        if (source.length - at < BLOCK) {
            System.arraycopy(source, at, lastBlock, 0, source.length - at);
            source = lastBlock;
            from = 0;
        }
        long mask = 0;
        for (int i = 0; i < BLOCK; i += 8) {
            // One bit a byte: the high bits of eight bytes gathered in the product's highest byte.
            mask |= (((stops((long) LONGS.get(source, from + i)) >>> 7) * 0x0102040810204080L) >>> 56) << i;
        }
        special = mask;
        block = at;
    }

    /**
     * The high bit of every byte that is a quote, a backslash, a control character or not ASCII; a byte above one of them may be marked
     * too, so the byte itself decides.
     */
    private static long stops(long word) {
        long quote = word ^ 0x2222222222222222L;
        long backslash = word ^ 0x5C5C5C5C5C5C5C5CL;
        long quotes = (quote - ONES) & ~quote;
        long backslashes = (backslash - ONES) & ~backslash;
        long controls = (word - 0x2020202020202020L) & ~word;
        return (quotes | backslashes | controls | word) & HIGHS;
    }
}
