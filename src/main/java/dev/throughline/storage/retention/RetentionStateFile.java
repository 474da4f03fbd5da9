package dev.throughline.storage.retention;

import dev.throughline.PrivateFiles;
import dev.throughline.storage.retention.RetentionState.Day;
import dev.throughline.storage.retention.RetentionState.OfStream;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link RetentionState} in a file of text lines, the last of which is a CRC-32C of those before it. Replaced as a whole and
 * durable on return.
 */
public final class RetentionStateFile {
    private static final String HEAD = "throughline-retention 2";
    /** Told other things, and is none now. */
    private static final String EARLIER = "throughline-retention 1\n";

    private static final long BYTES_MAX = 4 << 20;

    private final Path file;

    public RetentionStateFile(Path file) {
        this.file = file;
    }

    /** What a file came to: a state, nothing yet, or one that cannot be used. */
    public record Loaded(@Nullable RetentionState state, boolean damaged) {}

    public Loaded load() {
        try {
            if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                return new Loaded(null, false);
            }
            // Nothing else is opened: a pipe would never come to its end.
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > BYTES_MAX) {
                return new Loaded(null, true);
            }
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            return text.startsWith(EARLIER) ? new Loaded(null, false) : new Loaded(parse(text), false);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return new Loaded(null, true);
        }
    }

    public void save(RetentionState state) throws IOException {
        byte[] text = text(state).getBytes(StandardCharsets.US_ASCII);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        PrivateFiles.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            PosixFileAttributeView view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
            if (view != null) {
                view.setPermissions(PosixFilePermissions.fromString("rw-------"));
            }
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    static String text(RetentionState state) {
        StringBuilder out = new StringBuilder(HEAD).append('\n');
        line(out, "observed", state.observedMillis());
        line(out, "elapsed", state.elapsedMillis());
        line(out, "wall", state.wallMillis());
        line(out, "steady", state.steadyMillis());
        line(out, "boot", state.boot());
        line(out, "agreed", state.agreedMillis());
        line(out, "disagrees", state.disagreesSinceMillis());
        line(out, "careful", state.carefulUntilMillis());
        state.streams().forEach((stream, of) -> {
            String label = stream.label();
            line(
                    out,
                    "stream",
                    label,
                    of.retentionDays(),
                    of.shorterDays(),
                    of.shorterSinceMillis(),
                    of.deletesFromMillis());
            of.days()
                    .forEach((day, kept) ->
                            line(out, "day", label, day, kept.records(), kept.sinceMillis(), kept.expiredMillis()));
        });
        String checked = out.toString();
        return checked + "check " + check(checked) + "\n";
    }

    private static void line(StringBuilder out, Object... words) {
        out.append(Arrays.stream(words).map(String::valueOf).collect(Collectors.joining(" ")))
                .append('\n');
    }

    private static String check(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    static RetentionState parse(String text) {
        int checkAt = text.lastIndexOf("check ");
        if (!text.startsWith(HEAD + "\n")
                || checkAt < 0
                || !text.substring(checkAt).equals("check " + check(text.substring(0, checkAt)) + "\n")) {
            throw new IllegalArgumentException("not a whole state of retention");
        }
        Map<String, String> values = new TreeMap<>();
        Map<Stream, OfStream> streams = new EnumMap<>(Stream.class);
        for (String line : text.substring(HEAD.length() + 1, checkAt).lines().toList()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "stream" ->
                    streams.put(
                            stream(words[1]),
                            new OfStream(
                                    Long.parseLong(words[2]),
                                    Long.parseLong(words[3]),
                                    Long.parseLong(words[4]),
                                    Long.parseLong(words[5]),
                                    new TreeMap<>()));
                case "day" ->
                    of(streams, words[1])
                            .days()
                            .put(
                                    Long.valueOf(words[2]),
                                    new Day(
                                            Long.parseLong(words[3]),
                                            Long.parseLong(words[4]),
                                            Long.parseLong(words[5])));
                default -> values.put(words[0], words[1]);
            }
        }
        return new RetentionState(
                number(values, "observed"),
                number(values, "elapsed"),
                number(values, "wall"),
                number(values, "steady"),
                value(values, "boot"),
                number(values, "agreed"),
                number(values, "disagrees"),
                number(values, "careful"),
                streams);
    }

    private static OfStream of(Map<Stream, OfStream> streams, String label) {
        OfStream known = streams.get(stream(label));
        if (known == null) {
            throw new IllegalArgumentException("a day before its stream");
        }
        return known;
    }

    private static long number(Map<String, String> values, String name) {
        return Long.parseLong(value(values, name));
    }

    private static String value(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a line is missing");
        }
        return value;
    }

    private static Stream stream(String label) {
        for (Stream stream : Stream.values()) {
            if (stream.label().equals(label)) {
                return stream;
            }
        }
        throw new IllegalArgumentException("not a stream");
    }
}
