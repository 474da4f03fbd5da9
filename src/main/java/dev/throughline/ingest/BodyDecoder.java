package dev.throughline.ingest;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.snappy.SnappyJavaDecompressor;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Content encodings of request bodies: identity, gzip (RFC 1952, several members), deflate (zlib, or bare as some send it), zstd
 * (several frames) and snappy (one block). The bounds hold while it decodes: no more than the bound and one byte is ever made.
 *
 * <p>One buffer is reused; {@link #release} lets go what grew beyond {@link #BYTES_KEPT}. Belongs to one worker; not
 * thread-safe. Native memory of the inflater is freed by {@link #close}.
 */
public final class BodyDecoder implements AutoCloseable {
    /** Up to this many decompressed bytes no ratio is too high. */
    public static final int RATIO_FLOOR_BYTES = 1 << 20;
    /** What a buffer may keep between requests. */
    public static final int BYTES_KEPT = 2 << 20;

    private static final int BYTES_AT_FIRST = 64 << 10;
    private static final int GZIP_HEADER_BYTES = 10;
    private static final int GZIP_TRAILER_BYTES = 8;
    private static final int HEADER_CRC = 1 << 1;
    private static final int EXTRA = 1 << 2;
    private static final int NAME = 1 << 3;
    private static final int COMMENT = 1 << 4;
    private static final int RESERVED = 0xE0;

    private final int decompressedBytesMax;
    private final int ratioMax;
    private final Inflater bare = new Inflater(true);
    private final Inflater zlib = new Inflater(false);
    private final CRC32 crc = new CRC32();
    private byte[] buffer = new byte[0];
    private RequestMemory memory = RequestMemory.unbounded();
    /** What the request in work took for the buffer. */
    private int taken;

    /**
     * @param decompressedBytesMax bytes after decompression
     * @param ratioMax decompressed bytes for one compressed byte, beyond {@link #RATIO_FLOOR_BYTES}
     */
    public BodyDecoder(int decompressedBytesMax, int ratioMax) {
        this.decompressedBytesMax = decompressedBytesMax;
        this.ratioMax = ratioMax;
    }

    /** Sets what memory comes from until {@link #release}. */
    void begin(RequestMemory of) {
        release();
        memory = of;
    }

    /** Memory for a larger buffer: while it is copied, both are there. */
    private void take(int bytes) {
        memory.take(bytes);
        memory.give(taken);
        taken = bytes;
    }

    /**
     * Decodes a body within the bounds.
     *
     * @param encoding the header's value; null where there is none
     */
    public DecodedBody decode(@Nullable String encoding, byte[] body, int from, int to) {
        release();
        String name = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
        try {
            return switch (name) {
                case "", "identity" ->
                    to - from > decompressedBytesMax
                            ? new DecodedBody.TooLarge("decompressed_bytes")
                            : new DecodedBody.Content(body, from, to);
                case "gzip", "x-gzip" -> content(gzip(body, from, to));
                case "deflate" -> content(deflate(body, from, to));
                case "zstd" -> content(zstd(body, from, to));
                case "snappy" -> content(snappy(body, from, to));
                default -> new DecodedBody.Unsupported();
            };
        } catch (OverBound over) {
            return new DecodedBody.TooLarge(
                    bound(to - from) < decompressedBytesMax ? "decompression_ratio" : "decompressed_bytes");
        } catch (DataFormatException | IOException | MalformedInputException malformed) {
            return new DecodedBody.Malformed("malformed_" + (name.equals("x-gzip") ? "gzip" : name));
        }
    }

    /** Lets go of a buffer that grew beyond what is kept; the last content is then gone. */
    public void release() {
        if (buffer.length > BYTES_KEPT) {
            buffer = new byte[0];
        }
        memory.give(taken);
        taken = 0;
    }

    @Override
    public void close() {
        bare.end();
        zlib.end();
    }

    private DecodedBody content(int length) {
        return new DecodedBody.Content(buffer, 0, length);
    }

    /** The bound is passed; carries nothing. */
    private static final class OverBound extends Exception {
        private static final long serialVersionUID = 1L;

        OverBound() {
            super("over the bound", null, false, false);
        }
    }

    private int bound(int compressed) {
        long byRatio = Math.max(RATIO_FLOOR_BYTES, (long) compressed * ratioMax);
        return (int) Math.min(decompressedBytesMax, byRatio);
    }

    /** Room behind {@code length}: never more in all than the bound and one byte, by which passing it is seen. */
    private void grow(int length, int bound) throws OverBound {
        if (length > bound) {
            throw new OverBound();
        }
        if (length == buffer.length) {
            int next = (int) Math.min(Math.max(BYTES_AT_FIRST, 2L * length), bound + 1L);
            take(next);
            buffer = Arrays.copyOf(buffer, next);
        }
    }

    // ---- gzip and deflate
    // -------------------------------------------------------------------------------------------------------

    private int gzip(byte[] body, int from, int to) throws DataFormatException, OverBound {
        int bound = bound(to - from);
        int length = 0;
        int at = from;
        do {
            int start = length;
            at = gzipHeader(body, at, to);
            bare.reset();
            length = inflate(bare, body, at, to, length, bound);
            at = to - bare.getRemaining();
            crc.reset();
            crc.update(buffer, start, length - start);
            if (to - at < GZIP_TRAILER_BYTES
                    || int32(body, at) != (int) crc.getValue()
                    || int32(body, at + 4) != length - start) {
                throw new DataFormatException("trailer");
            }
            at += GZIP_TRAILER_BYTES;
        } while (at < to);
        return length;
    }

    private static int int32(byte[] body, int at) {
        return (body[at] & 0xFF) | (body[at + 1] & 0xFF) << 8 | (body[at + 2] & 0xFF) << 16 | body[at + 3] << 24;
    }

    /** Checks a member's header; the result is where its data starts. */
    private static int gzipHeader(byte[] body, int from, int to) throws DataFormatException {
        boolean known = to - from >= GZIP_HEADER_BYTES
                && body[from] == 0x1F
                && body[from + 1] == (byte) 0x8B
                && body[from + 2] == 8
                && (body[from + 3] & RESERVED) == 0;
        if (!known) {
            throw new DataFormatException("header");
        }
        int flags = body[from + 3];
        int at = from + GZIP_HEADER_BYTES;
        if ((flags & EXTRA) != 0) {
            if (to - at < 2) {
                throw new DataFormatException("header");
            }
            at += 2 + (body[at] & 0xFF) + ((body[at + 1] & 0xFF) << 8);
        }
        at = (flags & NAME) != 0 ? afterZero(body, at, to) : at;
        at = (flags & COMMENT) != 0 ? afterZero(body, at, to) : at;
        at += (flags & HEADER_CRC) != 0 ? 2 : 0;
        if (at > to) {
            throw new DataFormatException("header");
        }
        return at;
    }

    private static int afterZero(byte[] body, int from, int to) throws DataFormatException {
        for (int at = from; at < to; at++) {
            if (body[at] == 0) {
                return at + 1;
            }
        }
        throw new DataFormatException("header");
    }

    private int deflate(byte[] body, int from, int to) throws DataFormatException, OverBound {
        boolean zlibHeader = to - from >= 2
                && (body[from] & 0xF) == 8
                && ((body[from] & 0xFF) << 8 | (body[from + 1] & 0xFF)) % 31 == 0;
        Inflater inflater = zlibHeader ? zlib : bare;
        inflater.reset();
        int length = inflate(inflater, body, from, to, 0, bound(to - from));
        if (inflater.getRemaining() != 0) {
            throw new DataFormatException("trailing bytes");
        }
        return length;
    }

    private int inflate(Inflater inflater, byte[] body, int from, int to, int start, int bound)
            throws DataFormatException, OverBound {
        inflater.setInput(body, from, to - from);
        int length = start;
        while (!inflater.finished()) {
            grow(length, bound);
            int made = inflater.inflate(buffer, length, buffer.length - length);
            if (made == 0 && !inflater.finished()) {
                throw new DataFormatException("truncated, or with a dictionary");
            }
            length += made;
        }
        if (length > bound) {
            throw new OverBound();
        }
        return length;
    }

    // ---- zstd and snappy
    // -------------------------------------------------------------------------------------------------------

    private int zstd(byte[] body, int from, int to) throws IOException, OverBound {
        int bound = bound(to - from);
        int length = 0;
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(body, from, to - from))) {
            while (true) {
                grow(length, bound);
                int made = in.read(buffer, length, buffer.length - length);
                if (made < 0) {
                    return length;
                }
                length += made;
            }
        } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException | IllegalStateException e) {
            // The library's tables are indexed, and its lengths added up, by what the body says.
            throw new IOException("malformed", e);
        }
    }

    private int snappy(byte[] body, int from, int to) throws OverBound, DataFormatException {
        if (from == to) {
            throw new DataFormatException("empty");
        }
        SnappyJavaDecompressor snappy = new SnappyJavaDecompressor();
        int length = snappy.getUncompressedLength(body, from);
        if (length < 0) {
            throw new DataFormatException("length");
        }
        if (length > bound(to - from)) {
            throw new OverBound();
        }
        if (buffer.length < length) {
            take(length);
            buffer = new byte[length];
        }
        try {
            return snappy.decompress(body, from, to - from, buffer, 0, buffer.length);
        } catch (IndexOutOfBoundsException malformed) {
            throw new DataFormatException("block");
        }
    }

    @Override
    public String toString() {
        return "BodyDecoder[" + buffer.length + " bytes kept]";
    }
}
