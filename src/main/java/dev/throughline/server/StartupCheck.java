package dev.throughline.server;

import dev.throughline.OpenFileLimit;
import dev.throughline.PrivateFiles;
import dev.throughline.PrivateFiles.Tightened;
import dev.throughline.StartupException;
import dev.throughline.ingest.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/**
 * What is looked at before any part is made, so that a start that cannot succeed ends with a code and not half-way: numbers and
 * address of the ports, and the data directory. What a part reads for itself (token, keys, spool, policy) it checks itself.
 *
 * @param data made where it is missing
 * @param address that the ports for records are opened on
 * @param ports every port that is asked for
 */
public record StartupCheck(Path data, ListenAddress address, List<Port> ports) {
    /** Room for the program's own files and libraries, for the days of the store, and for a few hundred connections. */
    static final long OPEN_FILES_MIN = 512;

    private static final Logger LOG = Logger.getLogger(StartupCheck.class);
    private static final int PORT_MAX = 65_535;
    /** What others than the owner could do with it is taken back; the directory itself may be a mount that is not ours. */
    private static final List<String> KEPT = List.of("run", "policy", "spool", "store");

    /** As Kafka's client reads it: a protocol in front is passed over. */
    private static final Pattern BROKER =
            Pattern.compile("(?:[A-Za-z_]+://)?(?:[0-9A-Za-z._-]+|\\[[0-9A-Fa-f:.%A-Za-z]+]):[0-9]{1,5}");

    private static final String TRIAL = "write-check";
    private static final int TRIAL_BYTES = 4_096;
    /** Files of {@code run} that are made or replaced in a start; what is kept there from before is read by whoever needs it. */
    private static final List<String> WRITTEN =
            List.of("ports.json", "ports.json.new", TRIAL, TRIAL + ".new", "token.new", "record-id.key.new");

    /**
     * A port that is asked for.
     *
     * @param option as it is asked for
     * @param number 0: any free one
     */
    public record Port(String option, int number) {}

    /** Below this a JVM cannot even read its own classes. */
    static void openFiles(long limit) {
        if (limit < OPEN_FILES_MIN) {
            throw new StartupException(
                    "too_few_open_files",
                    "this process may have " + limit + " files and connections open, and needs " + OPEN_FILES_MIN
                            + "; raise it with ulimit -n, or LimitNOFILE= of its service");
        }
    }

    /** Of this process; before the server is started. */
    public static void openFiles() {
        openFiles(OpenFileLimit.ofThisProcess());
    }

    /** @throws StartupException for the first thing that is wrong */
    void run() {
        numbers();
        addressIsOurs();
        ports.forEach(this::portIsFree);
        dataDirectory();
    }

    /** The values of settings that a type alone does not bound; what they are is not shown. */
    static void settings(ServerConfig config) {
        SettingRanges.check(ConfigProvider.getConfig());
        config.kafka().bootstrapServers().ifPresent(StartupCheck::brokers);
    }

    static void brokers(String servers) {
        for (String server : servers.split(",", -1)) {
            String broker = server.strip();
            if (!BROKER.matcher(broker).matches() || !isPort(broker.substring(broker.lastIndexOf(':') + 1))) {
                throw new StartupException(
                        "invalid_setting",
                        "--kafka is to name brokers; each is host:port, and commas are between them");
            }
        }
    }

    /** @param digits five at most */
    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port > 0 && port <= PORT_MAX;
    }

    private void numbers() {
        Map<Integer, String> taken = new HashMap<>();
        for (Port port : ports) {
            if (port.number() < 0 || port.number() > PORT_MAX) {
                throw new StartupException(
                        "port_out_of_range",
                        port.option() + " is " + port.number() + "; a port is 1 to " + PORT_MAX
                                + ", or 0 for any free one");
            }
            String other = port.number() == 0 ? null : taken.put(port.number(), port.option());
            if (other != null) {
                throw new StartupException(
                        "port_used_twice",
                        other + " and " + port.option() + " are both " + port.number() + "; give each its own");
            }
        }
    }

    private void addressIsOurs() {
        try {
            bind(0);
        } catch (IOException _) {
            throw new StartupException(
                    "listen_address_unavailable",
                    "throughline.server.listen-address " + address
                            + " is no address of this machine; 127.0.0.1 is, and 0.0.0.0 is all of them");
        }
    }

    private void portIsFree(Port port) {
        if (port.number() == 0) {
            return;
        }
        try {
            bind(port.number());
        } catch (IOException e) {
            String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            if (said.contains("permission denied")) {
                throw new StartupException(
                        "port_not_permitted",
                        port.option() + " " + port.number()
                                + " may not be opened by this user; give one above 1023, or the right to it");
            }
            throw new StartupException(
                    "port_unavailable",
                    "another process has " + port.option() + " " + port.number()
                            + "; stop it, or give another port (0: any free one)");
        }
    }

    private void bind(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address.literal()), port));
        }
    }

    private void dataDirectory() {
        Path run = data.resolve("run");
        try {
            if (Files.exists(data) && !Files.isDirectory(data)) {
                throw new StartupException(
                        "data_dir_not_a_directory",
                        "--data " + data + " is no directory; name one, or none to be made");
            }
            KEPT.forEach(this::isDirectory);
            PrivateFiles.createDirectories(run);
            WRITTEN.forEach(name -> canBeReplaced(run.resolve(name)));
            KEPT.forEach(this::tighten);
            Path trial = run.resolve(TRIAL);
            PrivateFiles.replace(trial, new byte[TRIAL_BYTES]);
            Files.delete(trial);
        } catch (IOException e) {
            throw unusable(data, e);
        }
    }

    /** One may be a link to a directory of another disk. */
    private void isDirectory(String name) {
        Path directory = data.resolve(name);
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(directory)) {
            throw new StartupException(
                    "not_a_directory",
                    directory + " is no directory, and no link to one that is there; move it away, and it is made");
        }
    }

    /** A link would be replaced too, and whoever set it would look in vain where it leads. */
    private static void canBeReplaced(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new StartupException(
                    "file_not_regular",
                    file + " is a directory, a link, a device or a pipe, and a file is to be written there; remove it");
        }
    }

    static StartupException unusable(Path data, IOException e) {
        String why = e instanceof FileSystemException known && known.getReason() != null
                ? known.getReason()
                : String.valueOf(e.getMessage());
        if (why.contains("No space left") || why.contains("quota exceeded")) {
            return new StartupException(
                    "disk_full",
                    "nothing can be written to --data " + data + "; make room on its disk, and start again");
        }
        if (why.contains("Read-only file system")) {
            return new StartupException(
                    "data_dir_read_only",
                    "--data " + data
                            + " is on a file system that is mounted read-only; mount it for writing, or name another");
        }
        return new StartupException(
                "data_dir_unusable",
                "--data " + data + " cannot be made or written" + PrivateFiles.reason(e)
                        + "; name a directory that this user can write");
    }

    private void tighten(String name) {
        try {
            Tightened found = PrivateFiles.tighten(data.resolve(name));
            if (found.changed() > 0) {
                LOG.warnf(
                        "%d files and directories under %s could be used by others than their owner; now they cannot",
                        found.changed(), data.resolve(name));
            }
            if (found.failed() > 0) {
                LOG.warnf(
                        "%d files and directories under %s belong to another user, and keep their modes",
                        found.failed(), data.resolve(name));
            }
        } catch (IOException e) {
            LOG.warnf(
                    "the modes of the files under %s could not be looked at%s",
                    data.resolve(name), PrivateFiles.reason(e));
        }
    }
}
