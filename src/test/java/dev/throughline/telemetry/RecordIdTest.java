package dev.throughline.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

    /** Written out a second time, with none of its shortcuts and numbers without bounds. */
    @Test
    void itIsSipHash13OverNhOfTheBlocks() {
        Random random = new Random(42);
        byte[] key = new byte[16];
        random.nextBytes(key);
        for (int length : new int[] {0, 1, 7, 8, 9, 15, 16, 17, 31, 617, 1_023, 1_024, 1_025, 2_048, 5_000}) {
            byte[] second = new byte[length];
            random.nextBytes(second);
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            message.writeBytes("acme".getBytes(StandardCharsets.US_ASCII));
            message.writeBytes(new byte[] {0, 0, 0, 4}); // Padding and length of the first part.
            int blocks = Math.max(1, (length + 1_023) / 1_024);
            for (int block = 0; block < blocks; block++) {
                byte[] content = Arrays.copyOfRange(second, block * 1_024, Math.min(length, block * 1_024 + 1_024));
                message.writeBytes(nh(key, content, 0));
                message.writeBytes(nh(key, content, 2));
            }
            message.writeBytes(littleEndian(BigInteger.valueOf(length), 8));
            RecordId id = new RecordId(key);
            id.hash("acme".getBytes(StandardCharsets.US_ASCII), 0, 4, second, 0, length);
            assertThat(RecordId.toString(id.high(), id.low()))
                    .as("%d bytes", length)
                    .isEqualTo(sipHash(key, message.toByteArray(), 1, 3));
        }
        assertThat(reference(key0to15(), new byte[0], 2, 4))
                .isEqualTo("e6a825ba047f81a3930255c71472f66d"); // the published vector of SipHash-2-4, as two words
    }

    private static byte[] key0to15() {
        byte[] key = new byte[16];
        for (int i = 0; i < 16; i++) {
            key[i] = (byte) i;
        }
        return key;
    }

    private static byte[] nh(byte[] key, byte[] content, int shift) {
        byte[] padded = Arrays.copyOf(content, (content.length + 15) / 16 * 16);
        BigInteger sum = BigInteger.ZERO;
        for (int word = 0; word < padded.length / 8; word += 2) {
            BigInteger x = unsigned(word(padded, 8 * word) + blockKey(key, word + shift));
            BigInteger y = unsigned(word(padded, 8 * word + 8) + blockKey(key, word + 1 + shift));
            sum = sum.add(x.multiply(y));
        }
        return littleEndian(sum, 16);
    }

    private static long blockKey(byte[] key, int index) {
        String pair = sipHash(key, littleEndian(BigInteger.valueOf(index & -2), 8), 1, 3);
        return Long.parseUnsignedLong(index % 2 == 0 ? pair.substring(0, 16) : pair.substring(16), 16);
    }

    private static BigInteger unsigned(long word) {
        return new BigInteger(Long.toUnsignedString(word));
    }

    private static byte[] littleEndian(BigInteger number, int bytes) {
        byte[] out = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            out[i] = number.shiftRight(8 * i).byteValue();
        }
        return out;
    }

    /** SipHash over whole words, without the word of its own that ends a message: the lengths are in the message. */
    private static String sipHash(byte[] key, byte[] words, int rounds, int finalRounds) {
        return sipHash(key, words, rounds, finalRounds, false);
    }

    private static String reference(byte[] key, byte[] message, int rounds, int finalRounds) {
        return sipHash(key, message, rounds, finalRounds, true);
    }

    private static String sipHash(byte[] key, byte[] message, int rounds, int finalRounds, boolean lengthWord) {
        long[] v = {
            word(key, 0) ^ 0x736f6d6570736575L,
            word(key, 8) ^ 0x646f72616e646f6dL ^ 0xee,
            word(key, 0) ^ 0x6c7967656e657261L,
            word(key, 8) ^ 0x7465646279746573L
        };
        byte[] padded = lengthWord ? Arrays.copyOf(message, message.length / 8 * 8 + 8) : message;
        if (lengthWord) {
            padded[padded.length - 1] = (byte) message.length;
        }
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
