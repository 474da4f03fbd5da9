package dev.throughline.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/**
 * The file system with failures on demand. It also knows what was not forced yet, so that a power cut can take any part of it
 * away.
 */
final class FaultyDisk implements Disk {
    /** What a call does instead of its work. */
    enum Fault {
        DISK_FULL,
        IO_ERROR,
        /** The process ends here: half of the bytes are written, and nothing afterwards is. */
        CRASH
    }

    /** One call that changes the disk. */
    enum Call {
        WRITE,
        FORCE,
        TRUNCATE,
        CREATE,
        FORCE_DIRECTORY
    }

    private final LocalDisk real = new LocalDisk();
    private final Map<Path, List<Unforced>> unforced = new HashMap<>();
    private final List<Path> unforcedNames = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private Predicate<Call> chosen = call -> false;
    private Fault fault = Fault.IO_ERROR;
    private Random shortWrites;
    private boolean crashed;
    private long bytesLeft = Long.MAX_VALUE;
    private boolean bytesEndInCrash;
    volatile long usable = Long.MAX_VALUE;
    /** No file can be opened. */
    volatile boolean noDescriptors;

    /** What a write overwrote. */
    private record Unforced(long position, byte[] before, long lengthBefore, int written) {}

    synchronized void fail(Fault kind, Predicate<Call> when) {
        fault = kind;
        chosen = when;
    }

    /** The {@code n}-th call from now on, counted from 0, of that sort. */
    synchronized void failOnce(Fault kind, Call sort, int n) {
        int[] left = {n};
        fail(kind, call -> call == sort && left[0]-- == 0);
    }

    synchronized void heal() {
        chosen = call -> false;
        bytesLeft = Long.MAX_VALUE;
    }

    /** After so many bytes more, writes fail. */
    synchronized void allowBytes(long bytes, boolean thenCrash) {
        bytesLeft = bytes;
        bytesEndInCrash = thenCrash;
    }

    synchronized void writeShort(Random random) {
        shortWrites = random;
    }

    synchronized boolean hasCrashed() {
        return crashed;
    }

    synchronized int count(Call sort) {
        return (int) calls.stream().filter(call -> call == sort).count();
    }

    private boolean before(Call call) throws IOException {
        if (crashed) {
            throw new IOException("gone");
        }
        calls.add(call);
        if (!chosen.test(call)) {
            return false;
        }
        switch (fault) {
            case DISK_FULL -> throw new FullException();
            case IO_ERROR -> throw new IOException("broken");
            case CRASH -> crashed = true;
        }
        return true;
    }

    /** Takes away, or leaves, each write that was not forced, and each name of a directory that was not. */
    synchronized void cutPower(Random random) throws IOException {
        crashed = true;
        for (Map.Entry<Path, List<Unforced>> file : unforced.entrySet()) {
            if (!Files.exists(file.getKey()) || file.getValue().isEmpty()) {
                continue;
            }
            try (OpenFile open = real.open(file.getKey())) {
                long forcedLength = file.getValue().getFirst().lengthBefore;
                for (Unforced write : file.getValue().reversed()) {
                    if (random.nextBoolean()) {
                        int from = random.nextInt(write.written + 1);
                        ByteBuffer old = ByteBuffer.wrap(write.before, from, write.written - from);
                        open.write(old, write.position + from);
                    }
                }
                if (random.nextBoolean()) {
                    long beyond = Math.max(0, open.length() - forcedLength);
                    open.truncate(open.length() - (beyond == 0 ? 0 : random.nextLong(beyond + 1)));
                }
            }
        }
        for (Path name : unforcedNames) {
            if (random.nextBoolean()) {
                Files.deleteIfExists(name);
            }
        }
    }

    @Override
    public OpenFile open(Path path) throws IOException {
        return open(path, false);
    }

    @Override
    public OpenFile openForAppending(Path path) throws IOException {
        return open(path, true);
    }

    private synchronized OpenFile open(Path path, boolean append) throws IOException {
        requireDescriptor();
        boolean isNew = !Files.exists(path);
        if (isNew) {
            before(Call.CREATE);
        }
        OpenFile file = append ? real.openForAppending(path) : real.open(path);
        if (isNew) {
            unforcedNames.add(path);
        }
        return new File(path, file);
    }

    @Override
    public OpenFile openForReading(Path path) throws IOException {
        requireDescriptor();
        return new File(path, real.openForReading(path));
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        before(Call.FORCE_DIRECTORY);
        unforcedNames.removeIf(name -> directory.equals(name.getParent()));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        if (crashed) {
            throw new IOException("gone");
        }
        real.delete(path);
        unforced.remove(path);
        unforcedNames.remove(path);
    }

    @Override
    public synchronized void createDirectory(Path directory) throws IOException {
        if (crashed) {
            throw new IOException("gone");
        }
        real.createDirectory(directory);
    }

    @Override
    public synchronized void move(Path from, Path to) throws IOException {
        if (crashed) {
            throw new IOException("gone");
        }
        real.move(from, to);
        unforced.remove(from);
        unforcedNames.remove(from);
    }

    @Override
    public boolean isRefusing(AppendOutcome.Reason reason, Path directory) {
        return reason != AppendOutcome.Reason.TOO_MANY_OPEN_FILES || noDescriptors;
    }

    @Override
    public void close() throws IOException {
        real.close();
    }

    @Override
    public long usableBytes(Path directory) {
        return usable;
    }

    private void requireDescriptor() throws IOException {
        if (noDescriptors) {
            throw new TooManyOpenFilesException(null);
        }
    }

    private int write(Path path, OpenFile file, ByteBuffer source, long position) throws IOException {
        int count = source.remaining();
        boolean ending = before(Call.WRITE);
        if (ending) {
            count /= 2;
        } else if (shortWrites != null && count > 0) {
            count = shortWrites.nextInt(count + 1);
        }
        count = (int) Math.min(count, bytesLeft);
        int written = writePart(path, file, source, position, count);
        bytesLeft -= bytesLeft == Long.MAX_VALUE ? 0 : written;
        if (bytesLeft == 0 && source.hasRemaining()) {
            crashed |= bytesEndInCrash;
            throw bytesEndInCrash ? new IOException("gone") : new FullException();
        }
        if (ending) {
            throw new IOException("gone");
        }
        return written;
    }

    private int writePart(Path path, OpenFile file, ByteBuffer source, long position, int count) throws IOException {
        byte[] old = new byte[count];
        ByteBuffer target = ByteBuffer.wrap(old);
        long length = file.length();
        while (target.hasRemaining() && file.read(target, position + target.position()) > 0) {
            // Until it is read or the file ends.
        }
        unforced.computeIfAbsent(path, p -> new ArrayList<>()).add(new Unforced(position, old, length, count));
        ByteBuffer part = source.duplicate().limit(source.position() + count);
        while (part.hasRemaining()) {
            file.write(part, position + count - part.remaining());
        }
        source.position(source.position() + count);
        return count;
    }

    private final class File implements OpenFile {
        private final Path path;
        private final OpenFile file;

        private File(Path path, OpenFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            synchronized (FaultyDisk.this) {
                return FaultyDisk.this.write(path, file, source, position);
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void force() throws IOException {
            synchronized (FaultyDisk.this) {
                before(Call.FORCE);
                unforced.remove(path);
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            synchronized (FaultyDisk.this) {
                before(Call.TRUNCATE);
                file.truncate(length);
                List<Unforced> writes = unforced.get(path);
                if (writes != null) {
                    writes.removeIf(write -> write.position >= length);
                }
            }
        }

        @Override
        public void extend(long length) throws IOException {
            file.extend(length);
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
}
