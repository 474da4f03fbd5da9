package dev.throughline.spool;

import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * The directory {@code damaged}: bytes that readers pass over and files that are not segments, kept aside for repair. Whoever has
 * seen to them removes them; as long as one is there, the damage is open. Thread-safe.
 */
final class DamagedFiles {
    static final String DIRECTORY = "damaged";
    static final long BYTES_MAX = 64L << 20;
    static final int FILES_MAX = 1_000;
    private static final String BYTES_SUFFIX = ".bytes";
    private static final String MISSING_SUFFIX = ".missing";
    private static final int COPY_BYTES = 64 << 10;

    private final Disk disk;
    private final Path directory;
    /** Places of which no file could be made, so that the next start alone closes them. */
    private final Map<Stream, Integer> unkept = new EnumMap<>(Stream.class);

    private Map<Stream, Integer> lastSeen = new EnumMap<>(Stream.class);

    DamagedFiles(Disk disk, Path spool) {
        this.disk = disk;
        this.directory = spool.resolve(DIRECTORY);
    }

    /**
     * Keeps a place's bytes, durably. Where there is no room for them, on the disk or within the bounds, as many as go; the place is
     * open until the next start then.
     *
     * @return how many bytes are kept
     */
    synchronized long keep(Stream stream, PassedOver place) throws IOException {
        String name = stream.label() + "-" + stem(place.segment()) + "-" + place.from();
        try {
            disk.createDirectory(directory);
            Contents contents = contents();
            if (contents.files >= FILES_MAX) {
                unkept.merge(stream, 1, Integer::sum);
                return 0;
            }
            if (place.from() == place.to() || !disk.exists(place.segment().path)) {
                writeNote(directory.resolve(name + MISSING_SUFFIX), place);
                return 0;
            }
            return copy(place, directory.resolve(name + BYTES_SUFFIX), BYTES_MAX - contents.bytes);
        } catch (Disk.FullException e) {
            unkept.merge(stream, 1, Integer::sum);
            return 0;
        }
    }

    private void writeNote(Path target, PassedOver place) throws IOException {
        String note = "records " + place.lostFrom() + " to " + (place.lostTo() - 1) + " of the stream are not there\n";
        try (Disk.OpenFile file = disk.open(target)) {
            file.truncate(0);
            file.writeAll(ByteBuffer.wrap(note.getBytes(StandardCharsets.US_ASCII)), 0);
            file.force();
        }
        disk.forceDirectory(directory);
    }

    private long copy(PassedOver place, Path target, long most) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
        long end = Math.min(place.to(), place.from() + Math.max(0, most));
        long at = place.from();
        try (Disk.OpenFile source = disk.openForReading(place.segment().path);
                Disk.OpenFile file = disk.open(target)) {
            file.truncate(0);
            while (at < end) {
                buffer.clear().limit((int) Math.min(COPY_BYTES, end - at));
                int read = source.read(buffer, at);
                if (read <= 0) {
                    break;
                }
                file.writeAll(buffer.flip(), at - place.from());
                at += read;
            }
            file.force();
        }
        disk.forceDirectory(directory);
        return at - place.from();
    }

    private static String stem(Segment segment) {
        String name = segment.fileName();
        return name.substring(0, name.length() - Layout.SEGMENT_SUFFIX.length());
    }

    /** Moves a file here that is not what its name says; durable after this. Its new name. */
    synchronized String move(Stream stream, Path file) throws IOException {
        return move(file, stream.label() + "-" + file.getFileName());
    }

    /** The same with a name of its own, for what belongs to no stream. */
    synchronized String move(Path file, String name) throws IOException {
        disk.createDirectory(directory);
        Path target = directory.resolve(name);
        for (int copy = 1; disk.exists(target); copy++) {
            target = directory.resolve(name + "." + copy);
        }
        disk.move(file, target);
        disk.forceDirectory(directory);
        return String.valueOf(target.getFileName());
    }

    private record Contents(Map<Stream, Integer> byStream, int files, long bytes) {}

    private Contents contents() throws IOException {
        Map<Stream, Integer> byStream = new EnumMap<>(Stream.class);
        int files = 0;
        long bytes = 0;
        try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
            for (Path file : names) {
                String name = String.valueOf(file.getFileName());
                for (Stream stream : Stream.values()) {
                    if (name.startsWith(stream.label() + "-")) {
                        byStream.merge(stream, 1, Integer::sum);
                        files++;
                        bytes += name.endsWith(BYTES_SUFFIX) ? Files.size(file) : 0;
                    }
                }
            }
        }
        return new Contents(byStream, files, bytes);
    }

    /** How many places of each stream nobody has seen to yet; those of the last look, where the directory cannot be read now. */
    synchronized Map<Stream, Integer> open() {
        try {
            lastSeen = disk.exists(directory) ? contents().byStream() : new EnumMap<>(Stream.class);
        } catch (IOException e) {
            // No descriptor, or the directory is being removed: the next look tells.
        }
        Map<Stream, Integer> all = new EnumMap<>(Stream.class);
        all.putAll(lastSeen);
        unkept.forEach((stream, places) -> all.merge(stream, places, Integer::sum));
        return all;
    }
}
