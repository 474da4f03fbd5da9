package dev.throughline.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A few numbers that are overwritten again and again, in two slots by turns, so that the one of the last write is whole
 * whatever happens to the next. Callers serialise.
 */
final class SlotFile {
    private static final long MAGIC = 0x0354_4F4C_534C_5401L;
    private static final int HEADER_BYTES = 24;
    private static final int NUMBERS_MAX = 64;
    /** Apart, so that no sector and no page holds both. */
    private static final long SLOT_STRIDE_BYTES = 4096;

    private static final int SLOTS = 2;

    private final Disk disk;
    private final Path path;
    private long generation;
    private boolean torn;

    SlotFile(Disk disk, Path path) {
        this.disk = disk;
        this.path = path;
    }

    Path path() {
        return path;
    }

    Disk.OpenFile open() throws IOException {
        return disk.open(path);
    }

    /** The numbers last written, or null where there are none that are whole. */
    long @Nullable [] read() throws IOException {
        long[] newest = null;
        int whole = 0;
        boolean blank = true;
        try (Disk.OpenFile file = disk.open(path)) {
            for (int slot = 0; slot < SLOTS; slot++) {
                byte[] bytes = new byte[HEADER_BYTES + Long.BYTES * NUMBERS_MAX];
                int length = readAll(file, bytes, slot * SLOT_STRIDE_BYTES);
                long[] numbers = decode(bytes, length, NUMBERS_MAX);
                long written = (long) Layout.LONGS.get(bytes, 8);
                whole += numbers == null ? 0 : 1;
                blank &= numbers != null || isBlank(bytes);
                if (numbers != null && written > generation) {
                    generation = written;
                    newest = numbers;
                }
            }
        }
        torn = newest != null && whole < SLOTS && !(generation == 1 && blank);
        return newest;
    }

    /** Whether, of what was read, a slot that was written is not whole: what it held may have been the newest. */
    boolean isTorn() {
        return torn;
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static int readAll(Disk.OpenFile file, byte[] bytes, long position) throws IOException {
        ByteBuffer target = ByteBuffer.wrap(bytes);
        while (target.hasRemaining() && file.read(target, position + target.position()) > 0) {
            // Until the slot is read or the file ends.
        }
        return target.position();
    }

    /** The numbers of a file with one slot, which is replaced as a whole, or null where they are not whole. */
    static long @Nullable [] readOnce(Disk disk, Path path, int numbersMax) throws IOException {
        try (Disk.OpenFile file = disk.open(path)) {
            long most = HEADER_BYTES + (long) Long.BYTES * numbersMax;
            byte[] bytes = new byte[(int) Math.max(HEADER_BYTES, Math.min(most, file.length()))];
            return decode(bytes, readAll(file, bytes, 0), numbersMax);
        }
    }

    private static long @Nullable [] decode(byte[] bytes, int length, int numbersMax) {
        int count = (int) Layout.INTS.get(bytes, 16);
        if ((long) Layout.LONGS.get(bytes, 0) != MAGIC || count < 0 || count > numbersMax) {
            return null;
        }
        int end = HEADER_BYTES + Long.BYTES * count;
        if (end > length || checksum(bytes, end) != (int) Layout.INTS.get(bytes, 20)) {
            return null;
        }
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (long) Layout.LONGS.get(bytes, HEADER_BYTES + Long.BYTES * i);
        }
        return numbers;
    }

    /** Writes to the page cache: survives the process, and the machine only after a force. */
    void write(Disk.OpenFile file, long[] numbers) throws IOException {
        byte[] bytes = encode(generation + 1, numbers);
        long at = (generation + 1) % SLOTS * SLOT_STRIDE_BYTES;
        ByteBuffer source = ByteBuffer.wrap(bytes);
        while (source.hasRemaining()) {
            file.write(source, at + source.position());
        }
        generation++;
    }

    static byte[] encode(long generation, long[] numbers) {
        byte[] bytes = new byte[HEADER_BYTES + Long.BYTES * numbers.length];
        Layout.LONGS.set(bytes, 0, MAGIC);
        Layout.LONGS.set(bytes, 8, generation);
        Layout.INTS.set(bytes, 16, numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            Layout.LONGS.set(bytes, HEADER_BYTES + Long.BYTES * i, numbers[i]);
        }
        Layout.INTS.set(bytes, 20, checksum(bytes, bytes.length));
        return bytes;
    }

    private static int checksum(byte[] bytes, int end) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 20);
        crc.update(bytes, HEADER_BYTES, end - HEADER_BYTES);
        return (int) crc.getValue();
    }

    @Override
    public String toString() {
        return "SlotFile[" + path.getFileName() + ", generation " + generation + "]";
    }
}
