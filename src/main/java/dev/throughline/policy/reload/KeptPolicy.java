package dev.throughline.policy.reload;

import dev.throughline.PrivateFiles;
import dev.throughline.StartupException;
import dev.throughline.policy.document.PolicyFiles;
import dev.throughline.policy.document.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What outlives the process: the files of the policy in force and of the one before, and the hash of one that was taken back. A
 * directory for each policy, named by its hash, and a file {@code state} that names them and is replaced whole. Not thread-safe.
 */
public final class KeptPolicy {
    private static final String STATE = "state";
    private static final int STATE_BYTES_MAX = 65_536;
    private static final int HASH_LENGTH = 64;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{" + HASH_LENGTH + "}");

    private final Path directory;
    private @Nullable State state;

    /**
     * What is kept.
     *
     * @param current hash of the files in force; empty where there are none
     * @param previous of those that a canary goes back to; empty where there is no canary
     * @param canaryUntil when the canary ends
     * @param rolledBack of files that were taken back; empty where none were
     * @param rolledBackAt when
     * @param finding why
     */
    record State(
            String current,
            String previous,
            Instant canaryUntil,
            String rolledBack,
            Instant rolledBackAt,
            String finding) {
        static final State NONE = new State("", "", Instant.EPOCH, "", Instant.EPOCH, "");
    }

    /**
     * What a directory keeps.
     *
     * @param directory made when something is kept
     */
    public KeptPolicy(Path directory) {
        this.directory = directory;
    }

    State state() {
        State known = state;
        if (known == null) {
            known = readState();
            state = known;
        }
        return known;
    }

    /** The files of a hash, whole and as they were; null where they are not. */
    @Nullable
    PolicyFiles files(String hash) {
        if (hash.length() != HASH_LENGTH) {
            return null;
        }
        PolicyFiles files = PolicyFiles.read(directory.resolve(hash), new Problems());
        return files != null && files.hashText().equals(hash) ? files : null;
    }

    /** Keeps the files that the new state names and are not there yet, then the state, then lets the others go. */
    void keep(State next, @Nullable PolicyFiles current) throws IOException {
        PrivateFiles.createDirectories(directory);
        if (current != null && files(current.hashText()) == null) {
            write(current);
        }
        writeState(next);
        state = next;
        deleteOthers();
    }

    private void write(PolicyFiles files) throws IOException {
        Path fresh = directory.resolve("new");
        delete(fresh);
        PrivateFiles.createDirectories(fresh);
        for (Map.Entry<String, byte[]> file : files.files().entrySet()) {
            PrivateFiles.create(fresh.resolve(file.getKey()), file.getValue());
        }
        PrivateFiles.sync(fresh);
        Path target = directory.resolve(files.hashText());
        delete(target);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        PrivateFiles.sync(directory);
    }

    private void writeState(State next) throws IOException {
        String lines = "current " + next.current() + "\nprevious " + next.previous() + "\ncanary_until "
                + next.canaryUntil() + "\nrolled_back " + next.rolledBack() + "\nrolled_back_at "
                + next.rolledBackAt() + "\nfinding "
                + next.finding().replaceAll("\\p{Cntrl}", "?") + "\n";
        PrivateFiles.replace(directory.resolve(STATE), lines.getBytes(StandardCharsets.UTF_8));
    }

    /** Without what was taken back, a policy that refuses everything would be in force again: what is damaged is not passed over. */
    private State readState() {
        Path file = directory.resolve(STATE);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return State.NONE;
        }
        byte[] content = PrivateFiles.read(file, STATE_BYTES_MAX, "the state of the policy");
        Map<String, String> lines = new HashMap<>();
        for (String line : new String(content, StandardCharsets.UTF_8).split("\n", -1)) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                lines.put(line.substring(0, blank), line.substring(blank + 1).strip());
            }
        }
        try {
            return new State(
                    hash(lines, "current"),
                    hash(lines, "previous"),
                    Instant.parse(lines.getOrDefault("canary_until", "")),
                    hash(lines, "rolled_back"),
                    Instant.parse(lines.getOrDefault("rolled_back_at", "")),
                    lines.getOrDefault("finding", ""));
        } catch (DateTimeException _) {
            throw damaged();
        }
    }

    private String hash(Map<String, String> lines, String name) {
        String hash = lines.get(name);
        if (hash == null || !(hash.isEmpty() || HASH.matcher(hash).matches())) {
            throw damaged();
        }
        return hash;
    }

    private StartupException damaged() {
        return new StartupException(
                "policy_state_damaged",
                "the state of the policy " + directory.resolve(STATE) + " cannot be understood; restore it, or remove "
                        + directory
                        + ": then the policy's directory alone decides, and one that was taken back is tried again");
    }

    private void deleteOthers() throws IOException {
        List<Path> others = new ArrayList<>();
        try (var entries = Files.list(directory)) {
            entries.filter(entry -> {
                        String name = entry.getFileName().toString();
                        return !name.equals(STATE)
                                && !name.equals(state().current())
                                && !name.equals(state().previous());
                    })
                    .forEach(others::add);
        }
        for (Path other : others) {
            delete(other);
        }
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        List<Path> all;
        try (var walk = Files.walk(path)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }
}
