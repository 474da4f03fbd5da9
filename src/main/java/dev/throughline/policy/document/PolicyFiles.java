package dev.throughline.policy.document;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a policy directory as they stood at one moment, by name and in its order: {@code *.yaml} and {@code *.yml} are documents,
 * {@code *.json} schemas that a document names. Names with a leading dot are passed over. Immutable.
 */
public final class PolicyFiles {
    public static final int FILE_BYTES_MAX = 2 << 20;
    public static final int TOTAL_BYTES_MAX = 8 << 20;
    public static final int FILES_MAX = 400;
    /** What a file is called that stands alone. */
    public static final String SINGLE = "policy.yaml";

    /** A directory that is swapped (Kubernetes' {@code ..data}) while it is read is read again. */
    private static final int ROUNDS_MAX = 5;

    private static final Path DATA = Path.of("..data");

    private final SortedMap<String, byte[]> files;
    private final byte[] hash;

    private PolicyFiles(SortedMap<String, byte[]> files) {
        this.files = files;
        this.hash = hash(files);
    }

    /** Files that stand in memory. */
    public static PolicyFiles of(Map<String, byte[]> files) {
        return new PolicyFiles(new TreeMap<>(files));
    }

    /** One file, whatever it is called; null, with a problem noted, where it cannot be read. */
    public static @Nullable PolicyFiles readFile(Path file, Problems problems) {
        byte[] content = content(file, String.valueOf(file), problems);
        return content == null ? null : of(Map.of(SINGLE, content));
    }

    /** The directory's files; null, with problems noted, where they cannot be read. */
    public static @Nullable PolicyFiles read(Path directory, Problems problems) {
        Problems last = new Problems();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            last = new Problems();
            Path before = target(directory);
            PolicyFiles read = readOnce(directory, last);
            Path after = target(directory);
            if (before.equals(after) && (read != null || round > 0)) {
                if (read == null) {
                    break;
                }
                return read;
            }
        }
        if (last.isEmpty()) {
            last.add(Place.of(directory.toString()), "", "unreadable_file", "the directory changes while it is read");
        }
        last.list().forEach(p -> problems.add(p.place(), p.pointer(), p.code(), p.detail()));
        return null;
    }

    /** What {@code ..data} points to now, or the directory itself. */
    private static Path target(Path directory) {
        try {
            return Files.readSymbolicLink(directory.resolve(DATA));
        } catch (IOException | UnsupportedOperationException _) {
            return directory;
        }
    }

    /** A pipe in its place would be waited for. */
    private static Path notAPipe(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory.toString());
        }
        return directory;
    }

    private static @Nullable PolicyFiles readOnce(Path directory, Problems problems) {
        List<Path> paths;
        try (var entries = Files.list(notAPipe(directory))) {
            paths = entries.filter(PolicyFiles::isOurs)
                    .sorted()
                    .limit(FILES_MAX + 1L)
                    .toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            problems.add(
                    Place.of(directory.toString()), "", "unreadable_file", "the directory cannot be read" + kind(e));
            return null;
        }
        if (paths.size() > FILES_MAX) {
            problems.add(Place.of(directory.toString()), "", "too_many_files", "at most " + FILES_MAX + " files");
            return null;
        }
        SortedMap<String, byte[]> files = new TreeMap<>();
        long total = 0;
        for (Path path : paths) {
            String name = path.getFileName().toString();
            byte[] content = content(path, name, problems);
            if (content != null) {
                total += content.length;
                files.put(name, content);
            }
        }
        if (total > TOTAL_BYTES_MAX) {
            problems.add(Place.of(directory.toString()), "", "too_large", "all files come to at most 8 MiB");
        }
        if (problems.isEmpty() && files.keySet().stream().noneMatch(PolicyFiles::isDocument)) {
            problems.add(Place.of(directory.toString()), "", "not_a_policy", "there is no *.yaml file");
        }
        return problems.isEmpty() ? new PolicyFiles(files) : null;
    }

    private static boolean isOurs(Path path) {
        String name = path.getFileName().toString();
        return !name.startsWith(".") && (isDocument(name) || name.endsWith(".json"));
    }

    /** Whether it is a YAML document. */
    public static boolean isDocument(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    private static byte @Nullable [] content(Path path, String name, Problems problems) {
        try {
            if (!Files.isRegularFile(path)) {
                boolean link = Files.isSymbolicLink(path) && !Files.exists(path);
                boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                problems.add(
                        Place.of(name),
                        "",
                        "unreadable_file",
                        link
                                ? "the link leads nowhere, or in a circle"
                                : directory ? "a file is expected, and this is a directory" : "it is no regular file");
                return null;
            }
            try (InputStream in = Files.newInputStream(path)) {
                byte[] buffer = in.readNBytes(FILE_BYTES_MAX + 1);
                if (buffer.length > FILE_BYTES_MAX) {
                    problems.add(Place.of(name), "", "too_large", "a policy file has at most 2 MiB");
                    return null;
                }
                return buffer;
            }
        } catch (IOException e) {
            problems.add(Place.of(name), "", "unreadable_file", "it cannot be read" + kind(e));
            return null;
        }
    }

    private static String kind(Exception e) {
        return switch (e) {
            case NoSuchFileException _ -> " (no such file or directory)";
            case java.nio.file.AccessDeniedException _ -> " (permission denied)";
            case java.nio.file.NotDirectoryException _ -> " (not a directory)";
            case FileSystemLoopException _ -> " (a circle of links)";
            case java.nio.file.FileSystemException f when f.getReason() != null -> " (" + f.getReason() + ")";
            default -> "";
        };
    }

    /** By name. */
    public SortedMap<String, byte[]> files() {
        return files;
    }

    /** SHA-256 over names and contents. */
    public byte[] hash() {
        return hash.clone();
    }

    public String hashText() {
        return HexFormat.of().formatHex(hash);
    }

    private static byte[] hash(SortedMap<String, byte[]> files) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            files.forEach((name, content) -> {
                sha256.update((name + "\n" + content.length + "\n").getBytes(StandardCharsets.UTF_8));
                sha256.update(content);
            });
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java", e);
        }
    }

    @Override
    public String toString() {
        return "PolicyFiles" + files.keySet();
    }
}
