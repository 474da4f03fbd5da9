package dev.throughline.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor that is held to be given up when none is left: it is what the next segment is opened with, and that an open
 * succeeds without it is the proof, in whatever language the system speaks, that descriptors were what was missing. Thread-safe.
 */
final class SpareDescriptor implements Closeable {
    private @Nullable FileChannel held;

    /** Takes one where none is held; whether one is held. */
    synchronized boolean regain(Path directory) {
        if (held == null) {
            held = opened(directory);
        }
        return held != null;
    }

    private static @Nullable FileChannel opened(Path directory) {
        try {
            return FileChannel.open(directory, StandardOpenOption.READ);
        } catch (IOException e) {
            return null;
        }
    }

    /** Gives it up; false where none was held. */
    synchronized boolean giveUp() throws IOException {
        FileChannel given = held;
        held = null;
        if (given == null) {
            return false;
        }
        given.close();
        return true;
    }

    @Override
    public void close() throws IOException {
        giveUp();
    }
}
