package dev.throughline.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordIdTest {
    private static String id(byte[] key, String a, String b) {
        RecordId id = new RecordId(key);
        byte[] first = a.getBytes(StandardCharsets.UTF_8);
        byte[] second = b.getBytes(StandardCharsets.UTF_8);
        id.hash(first, 0, first.length, second, 0, second.length);
        return RecordId.toString(id.high(), id.low());
    }

    @Test
    void theSameBytesUnderTheSameKeyAreTheSameRecord() {
        byte[] key = new byte[16];
        assertThat(id(key, "acme", "payload"))
                .isEqualTo(id(key, "acme", "payload"))
                .hasSize(32);
        byte[] other = key.clone();
        other[3] = 1;
        assertThat(id(key, "acme", "payload")).isNotEqualTo(id(other, "acme", "payload"));
    }

    @Test
    void whereTheTenantEndsMatters() {
        byte[] key = new byte[16];
        assertThat(id(key, "ab", "c")).isNotEqualTo(id(key, "a", "bc"));
        assertThat(id(key, "", "abc")).isNotEqualTo(id(key, "abc", ""));
    }

    @Test
    void everyByteAndEveryLengthCounts() {
        Random random = new Random(4711);
        byte[] key = new byte[16];
        random.nextBytes(key);
        Set<String> seen = new HashSet<>();
        for (int length = 0; length < 80; length++) {
            byte[] text = new byte[length];
            random.nextBytes(text);
            RecordId id = new RecordId(key);
            id.hash(text, 0, 0, text, 0, length);
            assertThat(seen.add(RecordId.toString(id.high(), id.low()))).isTrue();
            for (int i = 0; i < length; i++) {
                byte[] changed = text.clone();
                changed[i] ^= 1;
                id.hash(changed, 0, 0, changed, 0, length);
                assertThat(seen.add(RecordId.toString(id.high(), id.low()))).isTrue();
            }
        }
    }

    /** Against the words of the reference implementation, written out a second time with none of its shortcuts. */
    @Test
    void itIsSipHash13With128Bits() {
        byte[] key = new byte[16];
        for (int i = 0; i < 16; i++) {
            key[i] = (byte) i;
        }
        // An empty first part is one word, zero: the message is eight zero bytes and then the second part.
        for (int length = 0; length < 40; length++) {
            byte[] second = new byte[length];
            for (int i = 0; i < length; i++) {
                second[i] = (byte) i;
            }
            byte[] message = new byte[8 + length];
            System.arraycopy(second, 0, message, 8, length);
            RecordId id = new RecordId(key);
            id.hash(second, 0, 0, second, 0, length);
            assertThat(RecordId.toString(id.high(), id.low())).isEqualTo(reference(key, message, 1, 3));
        }
        assertThat(reference(key, new byte[0], 2, 4))
                .isEqualTo("e6a825ba047f81a3930255c71472f66d"); // the published vector of SipHash-2-4, as two words
    }

    private static String reference(byte[] key, byte[] message, int rounds, int finalRounds) {
        long[] v = {
            word(key, 0) ^ 0x736f6d6570736575L,
            word(key, 8) ^ 0x646f72616e646f6dL ^ 0xee,
            word(key, 0) ^ 0x6c7967656e657261L,
            word(key, 8) ^ 0x7465646279746573L
        };
        byte[] padded = java.util.Arrays.copyOf(message, message.length / 8 * 8 + 8);
        padded[padded.length - 1] = (byte) message.length;
        for (int at = 0; at < padded.length; at += 8) {
            v[3] ^= word(padded, at);
            rounds(v, rounds);
            v[0] ^= word(padded, at);
        }
        v[2] ^= 0xee;
        rounds(v, finalRounds);
        long high = v[0] ^ v[1] ^ v[2] ^ v[3];
        v[1] ^= 0xdd;
        rounds(v, finalRounds);
        return RecordId.toString(high, v[0] ^ v[1] ^ v[2] ^ v[3]);
    }

    private static long word(byte[] source, int at) {
        long word = 0;
        for (int i = 7; i >= 0; i--) {
            word = word << 8 | (source[at + i] & 0xFF);
        }
        return word;
    }

    private static void rounds(long[] v, int count) {
        for (int i = 0; i < count; i++) {
            round(v);
        }
    }

    private static void round(long[] v) {
        v[0] += v[1];
        v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
        v[0] = Long.rotateLeft(v[0], 32);
        v[2] += v[3];
        v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
        v[2] = Long.rotateLeft(v[2], 32);
    }
}
