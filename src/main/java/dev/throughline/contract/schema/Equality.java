package dev.throughline.contract.schema;

import dev.throughline.telemetry.JsonTape;
import java.util.Arrays;

/** Equality of JSON values (Core, 4.2.2): numbers by value, texts by code points, objects without order. */
final class Equality {
    /** Up to so many items are compared each with each. */
    private static final int PAIRWISE_ITEMS_MAX = 12;

    private Equality() {}

    static boolean equal(Evaluation run, JsonTape a, int left, JsonTape b, int right) {
        if (!run.spend(0, 1)) {
            return false;
        }
        int kind = a.kind(left) == JsonTape.KEY ? JsonTape.STRING : a.kind(left);
        if (kind != b.kind(right)) {
            return false;
        }
        return switch (kind) {
            case JsonTape.STRING -> sameText(a, left, b, right);
            case JsonTape.NUMBER ->
                run.left
                                .read(a.bytes(), a.start(left), a.end(left))
                                .compareTo(run.right.read(b.bytes(), b.start(right), b.end(right)))
                        == 0;
            case JsonTape.OBJECT -> sameMembers(run, a, left, b, right);
            case JsonTape.ARRAY -> sameItems(run, a, left, b, right);
            default -> true;
        };
    }

    static boolean sameText(JsonTape a, int left, JsonTape b, int right) {
        if (!a.isEscaped(left) && !b.isEscaped(right)) {
            return Arrays.equals(a.bytes(), a.start(left), a.end(left), b.bytes(), b.start(right), b.end(right));
        }
        return a.text(left).equals(b.text(right));
    }

    private static boolean sameItems(Evaluation run, JsonTape a, int left, JsonTape b, int right) {
        if (a.childCount(left) != b.childCount(right)) {
            return false;
        }
        int other = right + 1;
        for (int item = left + 1; item < a.next(left); item = a.next(item)) {
            if (!equal(run, a, item, b, other)) {
                return false;
            }
            other = b.next(other);
        }
        return true;
    }

    private static boolean sameMembers(Evaluation run, JsonTape a, int left, JsonTape b, int right) {
        if (a.childCount(left) != b.childCount(right)) {
            return false;
        }
        for (int key = left + 1; key < a.next(left); key = a.next(key + 1)) {
            int value = find(run, a, key, b, right);
            if (value < 0 || !equal(run, a, key + 1, b, value)) {
                return false;
            }
        }
        return true;
    }

    private static int find(Evaluation run, JsonTape a, int key, JsonTape b, int object) {
        for (int other = object + 1; other < b.next(object); other = b.next(other + 1)) {
            if (!run.spend(0, 1)) {
                return -1;
            }
            boolean plain = !a.isEscaped(key) && !b.isEscaped(other);
            if ((!plain || a.keyHash(key) == b.keyHash(other)) && sameText(a, key, b, other)) {
                return other + 1;
            }
        }
        return -1;
    }

    static boolean hasUniqueItems(Evaluation run, int array) {
        JsonTape tape = run.tape;
        int count = tape.childCount(array);
        if (count > PAIRWISE_ITEMS_MAX) {
            return hasUniqueHashes(run, array, count);
        }
        int end = tape.next(array);
        for (int item = array + 1; item < end; item = tape.next(item)) {
            for (int other = tape.next(item); other < end; other = tape.next(other)) {
                if (equal(run, tape, item, tape, other)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean hasUniqueHashes(Evaluation run, int array, int count) {
        JsonTape tape = run.tape;
        long[] items = new long[count];
        int n = 0;
        for (int item = array + 1; item < tape.next(array); item = tape.next(item)) {
            items[n++] = (long) hash(run, item) << 32 | item;
        }
        Arrays.sort(items);
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n && items[i] >> 32 == items[j] >> 32; j++) {
                if (equal(run, tape, (int) items[i], tape, (int) items[j])) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The same for equal values. */
    private static int hash(Evaluation run, int node) {
        JsonTape tape = run.tape;
        run.spend(node, 1);
        return switch (tape.kind(node)) {
            case JsonTape.STRING -> textHash(run, node);
            case JsonTape.NUMBER ->
                run.left.read(tape.bytes(), tape.start(node), tape.end(node)).hash();
            case JsonTape.ARRAY -> {
                int hash = JsonTape.ARRAY;
                for (int item = node + 1; item < tape.next(node); item = tape.next(item)) {
                    hash = hash * 31 + hash(run, item);
                }
                yield hash;
            }
            case JsonTape.OBJECT -> {
                int hash = JsonTape.OBJECT;
                for (int key = node + 1; key < tape.next(node); key = tape.next(key + 1)) {
                    hash += Integer.rotateLeft(textHash(run, key) * 0x9E3779B9, 13) ^ (hash(run, key + 1) * 0x85EBCA6B);
                }
                yield hash;
            }
            default -> tape.kind(node);
        };
    }

    private static int textHash(Evaluation run, int node) {
        run.readText(node);
        return JsonTape.hash(run.text, run.textFrom, run.textTo);
    }
}
