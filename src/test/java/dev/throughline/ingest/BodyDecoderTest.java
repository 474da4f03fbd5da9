package dev.throughline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyDecoderTest {
    private static final int MAX = 8 << 20;
    private static final int RATIO = 50;
    private final BodyDecoder decoder = new BodyDecoder(MAX, RATIO);

    @AfterEach
    void close() {
        decoder.close();
    }

    private interface Wrapper {
        OutputStream wrap(OutputStream out) throws IOException;
    }

    private static byte[] through(Wrapper wrapper, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream wrapped = wrapper.wrap(out)) {
            wrapped.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] encoded(String encoding, byte[] content) throws IOException {
        return switch (encoding) {
            case "gzip", "x-gzip", "GZIP" -> through(GZIPOutputStream::new, content);
            case "deflate" -> through(DeflaterOutputStream::new, content);
            case "zstd" -> through(ZstdOutputStream::new, content);
            case "snappy" -> {
                SnappyJavaCompressor snappy = new SnappyJavaCompressor();
                byte[] out = new byte[snappy.maxCompressedLength(content.length)];
                yield Arrays.copyOf(out, snappy.compress(content, 0, content.length, out, 0, out.length));
            }
            default -> content;
        };
    }

    private static byte[] content(DecodedBody decoded) {
        assertThat(decoded).isInstanceOf(DecodedBody.Content.class);
        DecodedBody.Content content = (DecodedBody.Content) decoded;
        return Arrays.copyOfRange(content.bytes(), content.from(), content.to());
    }

    private DecodedBody decode(String encoding, byte[] body) {
        byte[] inTheMiddle = new byte[body.length + 7];
        System.arraycopy(body, 0, inTheMiddle, 3, body.length);
        return decoder.decode(encoding, inTheMiddle, 3, 3 + body.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip", "x-gzip", "GZIP", "deflate", "zstd", "snappy"})
    void contentComesBackAsItWas(String encoding) throws IOException {
        Random random = new Random(7);
        for (int size : new int[] {0, 1, 100, 65_536, 65_537, 3_000_000}) {
            byte[] content = new byte[size];
            random.nextBytes(content);
            assertThat(content(decode(encoding, encoded(encoding, content)))).isEqualTo(content);
        }
    }

    @Test
    void aBodyWithoutEncodingIsNotCopied() {
        byte[] body = {1, 2, 3};
        assertThat(decoder.decode(null, body, 1, 3)).isEqualTo(new DecodedBody.Content(body, 1, 3));
        assertThat(decoder.decode(null, new byte[MAX + 1], 0, MAX + 1))
                .isEqualTo(new DecodedBody.TooLarge("decompressed_bytes"));
    }

    @Test
    void gzipOfSeveralMembersIsJoined() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(encoded("gzip", new byte[] {1, 2}));
        body.writeBytes(encoded("gzip", new byte[0]));
        body.writeBytes(encoded("gzip", new byte[] {3}));
        assertThat(content(decode("gzip", body.toByteArray()))).containsExactly(1, 2, 3);
    }

    @Test
    void gzipWithNameCommentExtraAndHeaderChecksumIsRead() throws IOException {
        byte[] plain = encoded("gzip", new byte[] {9, 8});
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(plain, 0, 3);
        body.write(0x1E);
        body.write(plain, 4, 6);
        body.writeBytes(new byte[] {3, 0, 'a', 'b', 'c', 'n', 0, 'c', 0, 1, 2});
        body.write(plain, 10, plain.length - 10);
        assertThat(content(decode("gzip", body.toByteArray()))).containsExactly(9, 8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "zstd", "snappy"})
    void aBombIsStoppedAtItsBound(String encoding) throws IOException {
        byte[] bomb = encoded(encoding, new byte[64 << 20]);
        assertThat(decode(encoding, bomb)).isInstanceOf(DecodedBody.TooLarge.class);
        assertThat(decoder.toString()).isNotEmpty();
        byte[] small = new byte[BodyDecoder.RATIO_FLOOR_BYTES];
        assertThat(content(decode(encoding, encoded(encoding, small)))).isEqualTo(small);
    }

    @Test
    void theRatioIsBoundedBeyondTheFloorOnly() throws IOException {
        assertThat(decode("gzip", encoded("gzip", new byte[BodyDecoder.RATIO_FLOOR_BYTES + 1])))
                .isEqualTo(new DecodedBody.TooLarge("decompression_ratio"));
        byte[] random = new byte[MAX + 1];
        new Random(3).nextBytes(random);
        assertThat(decode("gzip", encoded("gzip", random))).isEqualTo(new DecodedBody.TooLarge("decompressed_bytes"));
        byte[] most = Arrays.copyOf(random, MAX);
        assertThat(content(decode("gzip", encoded("gzip", most)))).isEqualTo(most);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "zstd", "snappy"})
    void aBodyCutAnywhereIsMalformed(String encoding) throws IOException {
        byte[] content = new byte[300];
        new Random(5).nextBytes(content);
        byte[] body = encoded(encoding, content);
        for (int length = encoding.equals("zstd") ? 1 : 0; length < body.length; length++) {
            assertThat(decode(encoding, Arrays.copyOf(body, length)))
                    .as("%s of %s", length, body.length)
                    .isEqualTo(new DecodedBody.Malformed("malformed_" + encoding));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "zstd", "snappy"})
    void garbageIsNeverAnotherKindOfError(String encoding) throws IOException {
        Random random = new Random(11);
        byte[] content = new byte[400];
        Arrays.fill(content, 100, 300, (byte) 'x');
        byte[] body = encoded(encoding, content);
        for (int i = 0; i < 5_000; i++) {
            byte[] broken = body.clone();
            for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            assertThat(decode(encoding, broken)).isNotNull();
        }
    }

    @Test
    void anotherEncodingIsNamedAsUnsupported() {
        assertThat(decode("br", new byte[1])).isEqualTo(new DecodedBody.Unsupported());
        assertThat(decode("gzip, gzip", new byte[1])).isEqualTo(new DecodedBody.Unsupported());
    }

    @Test
    void bytesBehindADeflatedBodyAreMalformed() throws IOException {
        byte[] body = encoded("deflate", new byte[10]);
        assertThat(decode("deflate", Arrays.copyOf(body, body.length + 1)))
                .isEqualTo(new DecodedBody.Malformed("malformed_deflate"));
    }

    @Test
    void aLargeBufferIsLetGo() throws IOException {
        byte[] content = new byte[5 << 20];
        new Random(3).nextBytes(content);
        decode("gzip", encoded("gzip", content));
        decoder.release();
        assertThat(decoder).hasToString("BodyDecoder[0 bytes kept]");
    }
}
