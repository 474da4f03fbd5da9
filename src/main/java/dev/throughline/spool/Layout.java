package dev.throughline.spool;

import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Stream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** The bytes of a segment file; {@code package-info} has the tables. */
final class Layout {
    static final int FILE_HEADER_BYTES = 64;
    static final int BLOCK_HEADER_BYTES = 64;
    static final int FORMAT = 1;
    static final String SEGMENT_SUFFIX = ".seg";
    static final String CURSOR_SUFFIX = ".cursor";

    // Both hold bytes below 0x20, which no JSON text has: a payload cannot look like a header.
    static final long FILE_MAGIC = 0x0147_4553_4C54_0D0AL;
    static final long BLOCK_MAGIC = 0x024B_4C42_4C54_0D0AL;

    private static final int CRC_AT = 60;
    private static final int SEQUENCE_DIGITS = 20;
    /** No spool gets that far; sequences up to here can be added to each other. */
    private static final long SEQUENCE_MAX = 1L << 60;

    static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Layout() {}

    /**
     * A block header.
     *
     * @param group number of the commit group, rising by one, in all streams
     * @param baseSequence sequence of the block's first record
     * @param receivedMillis when its first record was received
     * @param streams bit i: the group has a block in the stream with ordinal i
     * @param payloadLength bytes of frames behind the header
     */
    record Block(
            long group,
            long baseSequence,
            long receivedMillis,
            int streams,
            int payloadLength,
            int records,
            Stream stream,
            long offset) {
        long payloadStart() {
            return offset + BLOCK_HEADER_BYTES;
        }

        long end() {
            return payloadStart() + payloadLength;
        }

        long endSequence() {
            return baseSequence + records;
        }

        boolean hasPartIn(Stream other) {
            return (streams & (1 << other.ordinal())) != 0;
        }
    }

    static byte[] fileHeader(Stream stream, long base) {
        byte[] header = new byte[FILE_HEADER_BYTES];
        LONGS.set(header, 0, FILE_MAGIC);
        INTS.set(header, 8, FORMAT);
        INTS.set(header, 12, stream.ordinal());
        LONGS.set(header, 16, base);
        INTS.set(header, CRC_AT, checksum(header, 0));
        return header;
    }

    static boolean isAnyFileHeader(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at) == FILE_MAGIC && (int) INTS.get(bytes, at + CRC_AT) == checksum(bytes, at);
    }

    static boolean isFileHeader(byte[] bytes, int at, Stream stream, long base) {
        return (long) LONGS.get(bytes, at) == FILE_MAGIC
                && (int) INTS.get(bytes, at + 8) == FORMAT
                && (int) INTS.get(bytes, at + 12) == stream.ordinal()
                && (long) LONGS.get(bytes, at + 16) == base
                && (int) INTS.get(bytes, at + CRC_AT) == checksum(bytes, at);
    }

    static void putBlock(ByteBuffer target, byte[] scratch, Block block) {
        LONGS.set(scratch, 0, BLOCK_MAGIC);
        LONGS.set(scratch, 8, block.group);
        LONGS.set(scratch, 16, block.baseSequence);
        LONGS.set(scratch, 24, block.receivedMillis);
        INTS.set(scratch, 32, block.streams);
        INTS.set(scratch, 36, block.payloadLength);
        INTS.set(scratch, 40, block.records);
        INTS.set(scratch, 44, block.stream.ordinal());
        LONGS.set(scratch, 48, block.offset);
        INTS.set(scratch, 56, FORMAT);
        INTS.set(scratch, CRC_AT, checksum(scratch, 0));
        target.put(scratch, 0, BLOCK_HEADER_BYTES);
    }

    /** Whether a block header of this stream stands at {@code at}, written for the file offset {@code offset}. */
    static boolean isBlock(byte[] bytes, int at, Stream stream, long offset) {
        return (long) LONGS.get(bytes, at) == BLOCK_MAGIC
                && (long) LONGS.get(bytes, at + 48) == offset
                && (int) INTS.get(bytes, at + 44) == stream.ordinal()
                && (int) INTS.get(bytes, at + 56) == FORMAT
                && (int) INTS.get(bytes, at + 36) >= 0
                && (int) INTS.get(bytes, at + 40) >= 0
                && (int) INTS.get(bytes, at + CRC_AT) == checksum(bytes, at);
    }

    /** The header, only where {@link #isBlock}. */
    static Block block(byte[] bytes, int at) {
        return new Block(
                (long) LONGS.get(bytes, at + 8),
                (long) LONGS.get(bytes, at + 16),
                (long) LONGS.get(bytes, at + 24),
                (int) INTS.get(bytes, at + 32),
                (int) INTS.get(bytes, at + 36),
                (int) INTS.get(bytes, at + 40),
                Stream.ofOrdinal((int) INTS.get(bytes, at + 44)),
                (long) LONGS.get(bytes, at + 48));
    }

    /** The length of a frame that may stand at {@code at} (16 bytes are looked at), or -1 where none can. */
    static int plausibleFrame(byte[] bytes, int at, long bytesLeft) {
        int length = RecordFrame.claimedLength(bytes, at);
        boolean plausible = bytes[at + 8] == RecordFrame.FORMAT
                && length >= RecordFrame.HEADER_BYTES
                && length <= bytesLeft
                && length
                        == RecordFrame.HEADER_BYTES
                                + RecordFrame.SLOT_BYTES * (bytes[at + 11] & 0xFF)
                                + (int) INTS.get(bytes, at + 12);
        return plausible ? length : -1;
    }

    private static int checksum(byte[] bytes, int at) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, CRC_AT);
        return (int) crc.getValue();
    }

    static Path segmentPath(Path directory, long base) {
        return directory.resolve(segmentName(base));
    }

    private static String segmentName(long base) {
        String digits = Long.toString(base);
        return "0".repeat(SEQUENCE_DIGITS - digits.length()) + digits + SEGMENT_SUFFIX;
    }

    /**
     * The base sequence that a file name says, or -1 where it is not written as the spool writes it: with fewer digits, a sign, digits
     * of another script, or over 2^60.
     */
    static long baseOf(String fileName) {
        if (fileName.length() != SEQUENCE_DIGITS + SEGMENT_SUFFIX.length()) {
            return -1;
        }
        try {
            long base = Long.parseLong(fileName.substring(0, SEQUENCE_DIGITS));
            return base >= 0 && base <= SEQUENCE_MAX && segmentName(base).equals(fileName) ? base : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
