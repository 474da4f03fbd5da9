package dev.throughline.telemetry.otlp;

import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.KeyNames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Names to small numbers, looked up by the bytes as they stand in a message; the hash is {@link JsonTape#hash}. Filled once,
 * then read by any thread.
 */
public final class NameTable {
    private final int mask;
    private final byte[] @Nullable [] names;
    private final int[] hashes;
    private final int[] numbers;
    /** One more than what was put, by the name's number among {@link KeyNames}. */
    private int[] byKeyNumber = {0};

    /** @param namesMax how many names it will hold */
    public NameTable(int namesMax) {
        int capacity = Integer.highestOneBit(Math.max(4, namesMax)) * 4;
        mask = capacity - 1;
        names = new byte[capacity] @Nullable [];
        hashes = new int[capacity];
        numbers = new int[capacity];
    }

    /** Adds a name; the number of a name that is there already stays. */
    public void put(String name, int number) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        int hash = JsonTape.hash(utf8, 0, utf8.length);
        int slot = hash & mask;
        for (; names[slot] != null; slot = (slot + 1) & mask) {
            if (Arrays.equals(names[slot], utf8)) {
                return;
            }
        }
        names[slot] = utf8;
        hashes[slot] = hash;
        numbers[slot] = number;
        int key = KeyNames.declare(name);
        if (key >= byKeyNumber.length) {
            byKeyNumber = Arrays.copyOf(byKeyNumber, key + 1);
        }
        byKeyNumber[key] = key == 0 ? 0 : number + 1;
    }

    /** The number of a key's name as written, or -1. */
    public int get(JsonTape tape, int key) {
        int known = tape.keyNumber(key);
        if (known != 0) {
            return known < byKeyNumber.length ? byKeyNumber[known] - 1 : -1;
        }
        return tape.isEscaped(key) ? -1 : get(tape.bytes(), tape.start(key), tape.end(key), tape.keyHash(key));
    }

    /** The number of the name in this range, or -1. */
    public int get(byte[] source, int from, int to, int hash) {
        for (int slot = hash & mask; ; slot = (slot + 1) & mask) {
            byte[] name = names[slot];
            if (name == null) {
                return -1;
            }
            if (hashes[slot] == hash && Arrays.equals(name, 0, name.length, source, from, to)) {
                return numbers[slot];
            }
        }
    }

    @Override
    public String toString() {
        return "NameTable[" + names.length + " slots]";
    }
}
