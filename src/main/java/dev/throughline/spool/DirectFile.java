package dev.throughline.spool;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import org.jspecify.annotations.Nullable;

/**
 * A file that is written and read past the page cache (O_DIRECT, open(2)): a spool is written once and read once soon after, and
 * pages that the kernel would have to find, clear and write back cost more than all else a group does. Whole pages go to the disk;
 * the last one, which is rarely full, is kept here and written again with what follows, as the kernel would do. One thread at a
 * time.
 *
 * <p>All readers of such a file read it this way too: nothing of it is ever in the page cache, so that nothing there is stale.
 */
@RegisterForReflection(classNames = DirectFile.OPTIONS)
final class DirectFile implements Disk.OpenFile {
    static final String OPTIONS = "com.sun.nio.file.ExtendedOpenOption";
    /** What addresses, offsets and lengths are multiples of; a file system that asks for more gets no direct files. */
    static final int PAGE_BYTES = 4096;
    /** One write or read; a group of ordinary requests is one. */
    private static final int TRANSFER_BYTES = 512 << 10;

    private static final int TRANSFERS_KEPT = 4;
    /** The last used is the next used: it is the one that the processor still has near. */
    private static final BlockingDeque<ByteBuffer> TRANSFERS = new LinkedBlockingDeque<>(TRANSFERS_KEPT);

    private static final @Nullable OpenOption DIRECT = directOption();

    /** Takes and gives whole pages only. */
    private final Disk.OpenFile file;

    private final byte[] tail = new byte[PAGE_BYTES];
    /** The page whose bytes {@link #tail} has, or -1. */
    private long tailAt = -1;

    DirectFile(Disk.OpenFile file) {
        this.file = file;
    }

    /** Whether the file system of a file may do this. */
    static boolean isPossible(Path path) throws IOException {
        if (DIRECT == null) {
            return false;
        }
        long block = blockBytes(path);
        return block > 0 && PAGE_BYTES % block == 0;
    }

    /** The options with that of going past the page cache; only where {@link #isPossible}. */
    static Set<OpenOption> direct(Set<OpenOption> options) {
        Set<OpenOption> direct = new HashSet<>(options);
        direct.add(Objects.requireNonNull(DIRECT));
        return direct;
    }

    /** {@code com.sun.nio.file.ExtendedOpenOption.DIRECT}; by its name, since the compiler warns of a supported class there. */
    private static @Nullable OpenOption directOption() {
        try {
            for (Object option : Class.forName(OPTIONS).getEnumConstants()) {
                if (option.toString().equals("DIRECT")) {
                    return (OpenOption) option;
                }
            }
        } catch (ClassNotFoundException e) {
            return null; // Another JDK: files are then written as usual.
        }
        return null;
    }

    private static long blockBytes(Path path) throws IOException {
        try {
            return Files.getFileStore(path).getBlockSize();
        } catch (UnsupportedOperationException e) {
            return -1;
        }
    }

    /** A buffer that can be written from where it is: with a page before and behind what it is asked for. */
    static ByteBuffer allocate(int bytes) {
        int whole = (bytes + PAGE_BYTES - 1 & -PAGE_BYTES) + 2 * PAGE_BYTES;
        return ByteBuffer.allocateDirect(whole + PAGE_BYTES)
                .alignedSlice(PAGE_BYTES)
                .limit(whole)
                .slice();
    }

    /** Leaves room for a page before the content, which then is at its place within a page, and for one behind it. */
    @Override
    public void clear(ByteBuffer buffer, long position) {
        buffer.clear();
        if (isAligned(buffer)) {
            int head = (int) (position & (PAGE_BYTES - 1));
            buffer.position(PAGE_BYTES + head).limit(buffer.capacity() - PAGE_BYTES);
        }
    }

    private static boolean isAligned(ByteBuffer buffer) {
        return buffer.isDirect() && buffer.capacity() > 3 * PAGE_BYTES && buffer.alignmentOffset(0, PAGE_BYTES) == 0;
    }

    private static boolean isInPlace(ByteBuffer source, int head) {
        return source.position() == PAGE_BYTES + head
                && source.capacity() - source.limit() >= PAGE_BYTES
                && isAligned(source);
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        int head = (int) (position & (PAGE_BYTES - 1));
        if (isInPlace(source, head)) {
            return writeInPlace(source, position, head);
        }
        ByteBuffer pages = take();
        try {
            return write(source, position, pages);
        } finally {
            give(pages);
        }
    }

    private int writeInPlace(ByteBuffer source, long position, int head) throws IOException {
        long first = position - head;
        ByteBuffer pages = source.duplicate().clear();
        int end = source.limit();
        if (head > 0) {
            if (tailAt != first) {
                ByteBuffer page = take();
                try {
                    readTail(first, page);
                } finally {
                    give(page);
                }
            }
            pages.put(PAGE_BYTES, tail, 0, head);
        }
        pages.position(end);
        pad(pages);
        tailAt = -1;
        int written = file.write(pages.flip().position(PAGE_BYTES), first);
        if (written < end - PAGE_BYTES) { // Short: what of the last page is on the disk is read again.
            int taken = Math.max(0, written - head);
            source.position(source.position() + taken);
            return taken;
        }
        int lastPage = end & -PAGE_BYTES;
        if (lastPage < end) {
            pages.get(lastPage, tail);
            tailAt = first + lastPage - PAGE_BYTES;
        }
        int count = source.remaining();
        source.position(end);
        return count;
    }

    private int write(ByteBuffer source, long position, ByteBuffer pages) throws IOException {
        int head = (int) (position & (PAGE_BYTES - 1));
        long first = position - head;
        if (head > 0) {
            readTail(first, pages);
        }
        int count = Math.min(source.remaining(), TRANSFER_BYTES - head);
        pages.clear();
        pages.put(tail, 0, head).put(source.duplicate().limit(source.position() + count));
        int end = pages.position();
        pad(pages);
        tailAt = -1;
        int written = file.write(pages.flip(), first);
        if (written < end) { // Short: what of the last page is on the disk is read again.
            int taken = Math.max(0, written - head);
            source.position(source.position() + taken);
            return taken;
        }
        keepTail(pages, first, end);
        source.position(source.position() + count);
        return count;
    }

    private static void pad(ByteBuffer pages) {
        while ((pages.position() & (PAGE_BYTES - 1)) != 0) {
            pages.put((byte) 0);
        }
    }

    private void keepTail(ByteBuffer pages, long first, int end) {
        int lastPage = end & -PAGE_BYTES;
        if (lastPage < end) {
            pages.get(lastPage, tail);
            tailAt = first + lastPage;
        }
    }

    private void readTail(long page, ByteBuffer pages) throws IOException {
        if (tailAt == page) {
            return;
        }
        Arrays.fill(tail, (byte) 0);
        pages.clear().limit(PAGE_BYTES);
        int read = file.read(pages, page);
        if (read > 0) {
            pages.get(0, tail, 0, read);
        }
        tailAt = page;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int head = (int) (position & (PAGE_BYTES - 1));
        int wanted = Math.min(target.remaining(), TRANSFER_BYTES - head);
        ByteBuffer pages = take();
        try {
            pages.clear().limit(head + wanted + PAGE_BYTES - 1 & -PAGE_BYTES);
            int got = file.read(pages, position - head) - head;
            if (got <= 0) {
                return wanted == 0 ? 0 : -1;
            }
            int count = Math.min(got, wanted);
            target.put(pages.clear().position(head).limit(head + count));
            return count;
        } finally {
            give(pages);
        }
    }

    private static ByteBuffer take() {
        ByteBuffer pages = TRANSFERS.poll();
        return pages == null
                ? ByteBuffer.allocateDirect(TRANSFER_BYTES + PAGE_BYTES)
                        .alignedSlice(PAGE_BYTES)
                        .limit(TRANSFER_BYTES)
                        .slice()
                : pages;
    }

    private static void give(ByteBuffer pages) {
        TRANSFERS.offerFirst(pages.clear());
    }

    @Override
    public void force() throws IOException {
        file.force();
    }

    @Override
    public boolean isInPlace() {
        return file.isInPlace();
    }

    @Override
    public void truncate(long length) throws IOException {
        tailAt = -1;
        file.truncate(length);
    }

    @Override
    public void extend(long length) throws IOException {
        if (file.length() < length) {
            ByteBuffer page = ByteBuffer.allocateDirect(2 * PAGE_BYTES).alignedSlice(PAGE_BYTES);
            file.write(page.limit(PAGE_BYTES), (length + PAGE_BYTES - 1 & -PAGE_BYTES) - PAGE_BYTES);
        }
    }

    @Override
    public long length() throws IOException {
        return file.length();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
