package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.KeyNames;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A fixed set of texts, looked up by the hash that the tape has already taken; open addressing, exact comparison. */
final class Names {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final String[] texts;
    private final byte[][] names;
    private final int[] hashes;
    private final int[] lengths;
    /** The first eight bytes, or all of them; and the last eight. */
    private final long[] heads;

    private final long[] tails;
    /** One more than the slot; 0 is empty. */
    private final int[] slots;

    private final int mask;
    /** One more than the slot, by the number of the name. */
    private final short[] byNumber;

    Names(List<String> distinct) {
        int capacity = Integer.highestOneBit(Math.max(4, distinct.size() * 4 - 1));
        mask = capacity - 1;
        slots = new int[capacity];
        hashes = new int[distinct.size()];
        lengths = new int[distinct.size()];
        heads = new long[distinct.size()];
        tails = new long[distinct.size()];
        names = new byte[distinct.size()][];
        texts = distinct.toArray(new String[0]);
        for (int slot = 0; slot < names.length; slot++) {
            names[slot] = utf8(texts[slot]);
            hashes[slot] = JsonTape.hash(names[slot], 0, names[slot].length);
            lengths[slot] = names[slot].length;
            heads[slot] = (long) LONGS.get(Arrays.copyOf(names[slot], Math.max(8, lengths[slot])), 0);
            tails[slot] = lengths[slot] < 8 ? 0 : (long) LONGS.get(names[slot], lengths[slot] - 8);
            int at = hashes[slot] & mask;
            while (slots[at] != 0) {
                at = at + 1 & mask;
            }
            slots[at] = slot + 1;
        }
        byNumber = byNumber(texts);
    }

    private static short[] byNumber(String[] texts) {
        short[] slots = {};
        for (int slot = 0; slot < Math.min(texts.length, Short.MAX_VALUE - 1); slot++) {
            int number = KeyNames.declare(texts[slot]);
            if (number >= slots.length) {
                slots = Arrays.copyOf(slots, number + 1);
            }
            slots[number] = (short) (slot + 1);
        }
        if (slots.length > 0) {
            slots[0] = 0;
        }
        return slots;
    }

    /** UTF-8 with lone surrogates as three bytes, as {@link Escapes} writes them. */
    static byte[] utf8(String text) {
        boolean paired = StandardCharsets.UTF_8.newEncoder().canEncode(text);
        if (paired) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        StringBuilder escaped = new StringBuilder(text.length() * 6);
        text.chars().forEach(c -> escaped.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5));
        byte[] source = escaped.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] target = new byte[source.length];
        return Arrays.copyOf(target, Escapes.decode(source, 0, source.length, target));
    }

    int size() {
        return names.length;
    }

    String text(int slot) {
        return texts[slot];
    }

    /** The slot of a key, or -1. */
    int slot(Evaluation run, int key) {
        JsonTape tape = run.tape;
        int number = tape.keyNumber(key);
        if (number != 0) {
            return number < byNumber.length ? byNumber[number] - 1 : -1;
        }
        if (tape.isEscaped(key)) {
            run.readText(key);
            return slot(run.text, run.textFrom, run.textTo, JsonTape.hash(run.text, run.textFrom, run.textTo));
        }
        return slot(tape.bytes(), tape.start(key), tape.end(key), tape.keyHash(key));
    }

    int slot(byte[] text, int from, int to, int hash) {
        for (int at = hash & mask; slots[at] != 0; at = at + 1 & mask) {
            int slot = slots[at] - 1;
            if (hashes[slot] == hash && same(slot, text, from, to)) {
                return slot;
            }
        }
        return -1;
    }

    /** Words from both ends: most names are one or two. */
    private boolean same(int slot, byte[] text, int from, int to) {
        int length = to - from;
        if (lengths[slot] != length) {
            return false;
        }
        if (length >= 8) {
            return heads[slot] == (long) LONGS.get(text, from)
                    && tails[slot] == (long) LONGS.get(text, to - 8)
                    && (length <= 16 || Arrays.equals(names[slot], 8, length - 8, text, from + 8, to - 8));
        }
        return heads[slot] == shortWord(text, from, length);
    }

    /** Up to seven bytes as the low bytes of a word: by one load where there is room. */
    static long shortWord(byte[] text, int from, int length) {
        if (text.length - from >= 8) {
            return (long) LONGS.get(text, from) & ((1L << (8 * length)) - 1);
        }
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (text[from + i] & 0xFFL) << (8 * i);
        }
        return word;
    }
}
