package dev.throughline.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
 * what they say), and the bounds of {@link Limits}. The bytes are borrowed until the next parse. Numbers and strings are not
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

    static final int STRIDE = 4;
    static final int KIND_MASK = 0xF;
    static final int ESCAPED = 1 << 4;
    static final int NON_ASCII = 1 << 5;
    static final int NOT_INTEGER = 1 << 6;
    /** Beside {@link #ESCAPED}, of a key: part of a document's shape, which a text's escapes are not. */
    static final int ESCAPED_KEY = 1 << 7;

    /** Marks that a text puts on its node; they are no part of a document's shape. */
    static final int OF_TEXT = ESCAPED | NON_ASCII;

    static final int COUNT_SHIFT = 8;

    private static final byte[] NOTHING = new byte[0];

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Limits limits;
    private final TapeParser parser;
    private final @Nullable TextSteps known;
    private byte[] bytes = NOTHING;
    private int[] nodes;
    private int count;
    private int namesHash;

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
        this(limits, false);
    }

    /**
     * A tape.
     *
     * @param learning whether it is for many texts from the same senders: what it knows of their structure makes it quicker
     */
    public JsonTape(Limits limits, boolean learning) {
        this.limits = limits;
        known = learning ? new TextSteps(limits.stringBytesMax()) : null;
        parser = new TapeParser(limits);
        nodes = parser.nodes();
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
        if (known == null) {
            return parseAll(source, from, to);
        }
        int after = known.match(source, skipBlanks(source, from, to), to, this);
        if (after < 0) {
            after = parseAll(source, from, to);
            known.missed(this);
        }
        return after;
    }

    private int parseAll(byte[] source, int from, int to) throws JsonSyntaxException {
        bytes = source;
        count = 0;
        int after = parser.parse(source, from, to);
        nodes = parser.nodes();
        if (after < 0) {
            throw new JsonSyntaxException(JsonSyntaxException.Problem.ofCode(-after), parser.errorOffset() - from);
        }
        count = parser.count();
        namesHash = parser.namesHash();
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

    /** Puts a document on the tape that was written from a template and need not be parsed. */
    void fill(DocumentTemplate template, byte[] document, int[] shifts, int[] marks) {
        int[] from = template.nodes;
        int[] to = parser.room(from.length);
        byte[] startPart = template.startPart;
        byte[] endPart = template.endPart;
        System.arraycopy(from, 0, to, 0, from.length);
        for (int node = 0, at = 0; node < startPart.length; node++, at += STRIDE) {
            to[at + 1] += shifts[startPart[node]];
            to[at + 2] += shifts[endPart[node]];
        }
        int[] slots = template.slots;
        for (int slot = 0; slot < slots.length; slot++) {
            to[slots[slot] * STRIDE] |= marks[slot];
        }
        nodes = to;
        bytes = document;
        count = startPart.length;
        namesHash = template.namesHash;
    }

    /** The same document on a tape of its own that is never to parse another, and is as small as it can be. */
    public JsonTape frozen() {
        JsonTape copy = new JsonTape(new Limits(0, 0, 0));
        copy.bytes = bytes;
        copy.nodes = copyOfNodes();
        copy.count = count;
        return copy;
    }

    /** Lets the text go, and is empty. */
    public void release() {
        bytes = NOTHING;
        count = 0;
        parser.release();
    }

    /** Nodes that there is room for, which stays. */
    public int capacity() {
        return parser.nodes().length / STRIDE;
    }

    int[] copyOfNodes() {
        return Arrays.copyOf(nodes, count * STRIDE);
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

    public Limits limits() {
        return limits;
    }

    /** Whether a node and one of another tape have the same kind, and name or children where they have some. */
    public boolean isLike(int node, JsonTape other, int otherNode) {
        return ((nodes[node * STRIDE] ^ other.nodes[otherNode * STRIDE]) & ~(OF_TEXT | NOT_INTEGER)) == 0;
    }

    /** Whether a node is no container. */
    public boolean isScalar(int node) {
        int kind = kind(node);
        return kind != OBJECT && kind != ARRAY;
    }

    /** Whether a scalar is written with exactly these bytes. */
    boolean isText(int node, byte[] written) {
        return Arrays.equals(bytes, start(node), end(node), written, 0, written.length);
    }

    /** Whether two nodes that are no containers are written alike. */
    public boolean isSameText(int node, JsonTape other, int otherNode) {
        return Arrays.equals(bytes, start(node), end(node), other.bytes, other.start(otherNode), other.end(otherNode));
    }

    /** Whether both tapes are the same nodes over the same bytes. */
    public boolean isSame(JsonTape other) {
        return count == other.count
                && namesHash == other.namesHash
                && Arrays.equals(nodes, 0, count * STRIDE, other.nodes, 0, count * STRIDE)
                && count > 0
                && Arrays.equals(bytes, start(0), end(0), other.bytes, other.start(0), other.end(0));
    }

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

    /** Kind, marks, and the number of a key or of children, as they stand on the tape. */
    int head(int node) {
        return nodes[node * STRIDE];
    }

    /** A hash over the names of all keys that have a number, in order: likely another where the shape is. */
    public int namesHash() {
        return namesHash;
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

    /** The {@link #hash(byte[], int, int)} of a key's name, escapes decoded. */
    public int keyHash(int key) {
        return nodes[key * STRIDE + 3];
    }

    /** The number of a key's name among {@link KeyNames}, or 0 where it has none: it is then told by its bytes. */
    public int keyNumber(int key) {
        return nodes[key * STRIDE] >>> COUNT_SHIFT;
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
            if (keyHash(key) == hash && isNamed(key, name)) {
                return value(key);
            }
        }
        return -1;
    }

    private boolean isNamed(int key, byte[] name) {
        return isEscaped(key) ? text(key).equals(new String(name, StandardCharsets.UTF_8)) : contentEquals(key, name);
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
}
