package dev.throughline.telemetry;

import dev.throughline.telemetry.JsonSyntaxException.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a {@link JsonTape}: one pass, iteratively, so that the depth of the input is not the depth of the stack. Bytes are classified
 * 64 at a time, independently of each other: finding the end of a string is then a bit scan, not a chain of loads. Keys are guessed
 * before they are read ({@link KeyGuess}). Not thread-safe.
 */
final class TapeParser {
    private static final int BLOCK = 64;
    private static final int NO_BLOCK = -1;
    /** Entries up to which the array of nodes doubles. */
    private static final int GROWS_TWICE = 1 << 20;

    private final JsonTape.Limits limits;
    /** Made with the second document: what reads only one has nothing to guess by. */
    private KeyGuess guess = KeyGuess.NOTHING;

    private boolean used;
    private final int[] open;
    private final OpenNames names;
    private final byte[] lastBlock = new byte[BLOCK];
    private int[] nodes = new int[JsonTape.STRIDE * 32];
    /** In entries of {@link #nodes}. */
    private int top;

    private byte[] source = new byte[0];
    private int end;
    /** What the next key is guessed by, and the last key. */
    private int context;

    private int key;
    private int namesHash;
    /** The offset of the 64 bytes last classified, and one bit for each that is special within a string. */
    private int block = NO_BLOCK;

    private long special;
    private int errorOffset;

    TapeParser(JsonTape.Limits limits) {
        this.limits = limits;
        this.open = new int[limits.depthMax() + 1];
        this.names = new OpenNames(limits.depthMax());
    }

    int[] nodes() {
        return nodes;
    }

    int count() {
        return top / JsonTape.STRIDE;
    }

    /** The array of nodes, with room for so many entries. */
    int[] room(int entries) {
        if (nodes.length < entries) {
            nodes = new int[Math.max(entries, 2 * nodes.length)];
        }
        return nodes;
    }

    void release() {
        source = lastBlock;
        end = 0;
    }

    int namesHash() {
        return namesHash;
    }

    int errorOffset() {
        return errorOffset;
    }

    private int fail(Problem problem, int at) {
        errorOffset = at;
        return -problem.code();
    }

    /** Parses the value at or after {@code from}: the offset after it, or the negative code of a {@link Problem}. */
    int parse(byte[] bytes, int from, int to) {
        if (guess == KeyGuess.NOTHING && used) {
            guess = new KeyGuess();
        }
        used = true;
        source = bytes;
        end = to;
        top = 0;
        key = 0;
        context = 0;
        namesHash = 0;
        block = NO_BLOCK;
        int depth = 0;
        int at = from;
        int topMax = (int) Math.min((long) limits.nodesMax() * JsonTape.STRIDE, Integer.MAX_VALUE - 16);
        while (true) {
            // A value is due.
            if (at < to && bytes[at] <= ' ') {
                at = JsonTape.skipBlanks(bytes, at, to);
            }
            if (at >= to) {
                return fail(Problem.UNEXPECTED_END, at);
            }
            if (top >= topMax) {
                return fail(Problem.TOO_MANY_TOKENS, at);
            }
            ensureRoom();
            byte b = bytes[at];
            if (b == '"') {
                at = string(JsonTape.STRING, at + 1);
            } else if (b == '{' || b == '[') {
                if (depth >= limits.depthMax()) {
                    return fail(Problem.TOO_DEEP, at);
                }
                at = begin(b, at, depth++);
                byte closing = b == '{' ? (byte) '}' : (byte) ']';
                if (at >= to || bytes[at] != closing) {
                    at = b == '{' ? key(depth - 1, at, topMax) : at;
                    if (at < 0) {
                        return at;
                    }
                    continue;
                }
                at = close(--depth, at + 1);
            } else {
                at = b <= '9' ? number(at) : literal(b, at);
            }
            if (at < 0) {
                return at;
            }
            // A value is done: what encloses it goes on or closes.
            while (true) {
                if (depth == 0) {
                    return at;
                }
                int container = open[depth - 1];
                int head = nodes[container] + (1 << JsonTape.COUNT_SHIFT);
                nodes[container] = head;
                if (at < to && bytes[at] <= ' ') {
                    at = JsonTape.skipBlanks(bytes, at, to);
                }
                if (at >= to) {
                    return fail(Problem.UNEXPECTED_END, at);
                }
                boolean object = (head & JsonTape.KIND_MASK) == JsonTape.OBJECT;
                byte c = bytes[at];
                if (c == ',') {
                    at++;
                    if (object) {
                        if (at < to && bytes[at] <= ' ') {
                            at = JsonTape.skipBlanks(bytes, at, to);
                        }
                        at = key(depth - 1, at, topMax);
                        if (at < 0) {
                            return at;
                        }
                    }
                    break;
                }
                if (c != (object ? '}' : ']')) {
                    return fail(Problem.UNEXPECTED_CHARACTER, at);
                }
                at = close(--depth, at + 1);
            }
        }
    }

    /** For a value and a key. */
    private void ensureRoom() {
        if (top + 2 * JsonTape.STRIDE > nodes.length) {
            nodes = Arrays.copyOf(nodes, nodes.length + (nodes.length < GROWS_TWICE ? nodes.length : nodes.length / 4));
        }
    }

    private int add(int kind, int start, int stop, int extra) {
        int[] tape = nodes;
        int base = top;
        tape[base] = kind;
        tape[base + 1] = start;
        tape[base + 2] = stop;
        tape[base + 3] = extra;
        top = base + JsonTape.STRIDE;
        return base;
    }

    private int begin(byte bracket, int at, int depth) {
        open[depth] = add(bracket == '{' ? JsonTape.OBJECT : JsonTape.ARRAY, at, 0, 0);
        names.begin(depth);
        return JsonTape.skipBlanks(source, at + 1, end);
    }

    private int close(int depth, int after) {
        int base = open[depth];
        nodes[base + 2] = after;
        nodes[base + 3] = top / JsonTape.STRIDE;
        return after;
    }

    // ---- keys
    // ----------------------------------------------------------------------------------------------------------

    /** A key with its colon; the offset after it. */
    private int key(int depth, int at, int topMax) {
        if (at >= end) {
            return fail(Problem.UNEXPECTED_END, at);
        }
        if (source[at] != '"') {
            return fail(Problem.UNEXPECTED_CHARACTER, at);
        }
        if (top >= topMax) {
            return fail(Problem.TOO_MANY_TOKENS, at);
        }
        ensureRoom();
        int number = guess.match(context, source, at + 1, end);
        if (number == 0) {
            return unexpectedKey(depth, at);
        }
        passed(number);
        int after = at + 1 + guess.length(number);
        int hash = guess.hash(number);
        int node = add(JsonTape.KEY | number << JsonTape.COUNT_SHIFT, at + 1, after - 2, hash);
        return isNew(depth, hash, node) ? after : fail(Problem.DUPLICATE_KEY, at);
    }

    private void passed(int number) {
        context = KeyGuess.context(key, number);
        key = number;
        namesHash = namesHash * 31 + number;
    }

    private int unexpectedKey(int depth, int at) {
        int base = top;
        int after = string(JsonTape.KEY, at + 1);
        if (after < 0) {
            return after;
        }
        int hash = (nodes[base] & JsonTape.ESCAPED) == 0
                ? plainName(base, at + 1, after - 1)
                : escapedName(base, at + 1, after - 1);
        nodes[base + 3] = hash;
        if (!isNew(depth, hash, base)) {
            return fail(Problem.DUPLICATE_KEY, at);
        }
        after = JsonTape.skipBlanks(source, after, end);
        if (after >= end) {
            return fail(Problem.UNEXPECTED_END, after);
        }
        return source[after] == ':' ? after + 1 : fail(Problem.UNEXPECTED_CHARACTER, after);
    }

    private int plainName(int base, int from, int to) {
        int hash = JsonTape.hash(source, from, to);
        // A guessed key is ASCII, so that its node is the same whether it was guessed or read.
        int number = guess == KeyGuess.NOTHING
                ? KeyNames.received(source, from, to)
                : (nodes[base] & JsonTape.NON_ASCII) == 0
                        ? guess.learn(context, source, from, to, hash)
                        : guess.number(source, from, to, hash);
        nodes[base] |= number << JsonTape.COUNT_SHIFT;
        passed(number);
        return hash;
    }

    /** A name is what it says, however it is written: it has the number, and the hash, of its text. */
    private int escapedName(int base, int from, int to) {
        String text = text(from, to);
        nodes[base] |= JsonTape.ESCAPED_KEY;
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) { // A lone surrogate: it is like no other name.
            passed(0);
            return JsonTape.hash(source, from, to);
        }
        byte[] name = JsonStrings.utf8(text);
        int number = KeyNames.received(name, 0, name.length);
        nodes[base] |= number << JsonTape.COUNT_SHIFT;
        passed(number);
        return JsonTape.hash(name, 0, name.length);
    }

    private String text(int from, int to) {
        return JsonStrings.unescape(new String(source, from, to - from, StandardCharsets.UTF_8));
    }

    private boolean isNew(int depth, int hash, int node) {
        return names.isSurelyNew(depth, hash)
                || !limits.uniqueKeys()
                || !names.isDuplicate(depth, open[depth], node, nodes, source);
    }

    // ---- scalars
    // -------------------------------------------------------------------------------------------------------

    private int literal(byte b, int at) {
        return switch (b) {
            case 't' -> literal(JsonTape.TRUE, at, "true");
            case 'n' -> literal(JsonTape.NULL, at, "null");
            case 'f' -> literal(JsonTape.FALSE, at, "false");
            default -> fail(Problem.UNEXPECTED_CHARACTER, at);
        };
    }

    private int literal(int kind, int at, String word) {
        if (end - at < word.length()) {
            return fail(Problem.UNEXPECTED_END, at);
        }
        for (int i = 1; i < word.length(); i++) {
            if (source[at + i] != word.charAt(i)) {
                return fail(Problem.UNEXPECTED_CHARACTER, at);
            }
        }
        add(kind, at, at + word.length(), 0);
        return at + word.length();
    }

    private int number(int from) {
        long read = NumberLiteral.read(source, from, end);
        int at = NumberLiteral.end(read);
        Problem problem = NumberLiteral.problem(read);
        if (problem != null) {
            return fail(problem, at);
        }
        if (at - from > NumberLiteral.BYTES_MAX) {
            return fail(Problem.NUMBER_TOO_LONG, from);
        }
        add(NumberLiteral.isInteger(read) ? JsonTape.NUMBER : JsonTape.NUMBER | JsonTape.NOT_INTEGER, from, at, 0);
        return at;
    }

    /** A string of plain ASCII ends at the next special byte; where that is another one, {@link #mixedString} goes on. */
    private int string(int kind, int from) {
        int at = nextSpecial(from);
        if (at < end && source[at] == '"' && at - from <= limits.stringBytesMax()) {
            add(kind, from, at, 0);
            return at + 1;
        }
        return mixedString(kind, from, at);
    }

    private int mixedString(int kind, int from, int resume) {
        int at = resume;
        int flags = kind;
        while (true) {
            if (at >= end) {
                return fail(Problem.UNEXPECTED_END, at);
            }
            byte b = source[at];
            if (b == '"') {
                if (at - from > limits.stringBytesMax()) {
                    return fail(Problem.STRING_TOO_LONG, from);
                }
                add(flags, from, at, 0);
                return at + 1;
            }
            if (b == '\\') {
                flags |= JsonTape.ESCAPED;
                int length = JsonStrings.escapeLength(source, at, end);
                if (length < 0) {
                    return fail(Problem.MALFORMED_ESCAPE, at);
                }
                at += length;
            } else if (b < 0) {
                flags |= JsonTape.NON_ASCII;
                int length = JsonStrings.utf8Length(source, at, end);
                if (length < 0) {
                    return fail(Problem.INVALID_UTF8, at);
                }
                at += length;
            } else if (b < 0x20) {
                return fail(Problem.CONTROL_CHARACTER, at);
            } else {
                at++;
            }
            at = nextSpecial(at);
        }
    }

    /** The first offset at or after {@code from} where a string may not simply go on, or {@link #end}. */
    private int nextSpecial(int from) {
        long ahead = (from & -BLOCK) == block ? special & -1L << from : 0;
        return ahead != 0 ? Math.min(end, block + Long.numberOfTrailingZeros(ahead)) : nextSpecialBlock(from);
    }

    private int nextSpecialBlock(int from) {
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
        byte[] bytes = source;
        int from = at;
        if (bytes.length - at < BLOCK) {
            System.arraycopy(bytes, at, lastBlock, 0, bytes.length - at);
            bytes = lastBlock;
            from = 0;
        }
        special = StopBits.of(bytes, from);
        block = at;
    }
}
