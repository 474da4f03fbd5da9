package dev.throughline.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throughline.access.HttpConfig;
import dev.throughline.deploy.Manifests.Container;
import dev.throughline.ingest.IngestConfig;
import dev.throughline.ingest.ListenAddress;
import dev.throughline.ingest.OtlpConfig;
import dev.throughline.policy.PolicyException;
import dev.throughline.policy.PolicyLoader;
import dev.throughline.server.Lifecycle;
import dev.throughline.server.OwnLog;
import dev.throughline.server.ProbeConfig;
import dev.throughline.server.ServerConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the program would make of its environment, and whether its bounds fit those of its pod. */
final class SettingsCheck {
    private static final Path PROPERTIES = Path.of("src/main/resources/application.properties");
    private static final List<Class<?>> MAPPINGS =
            List.of(ServerConfig.class, HttpConfig.class, ProbeConfig.class, OtlpConfig.class, IngestConfig.class);
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{(throughline\\.[a-z.-]+)");
    private static final Duration MARGIN = Duration.ofSeconds(10);
    private static final Set<String> KEYS = keys();

    private final Manifests manifests;
    private final Manifests secrets;
    private final Container container;
    private final List<String> findings = new ArrayList<>();

    private SettingsCheck(Manifests manifests, Manifests secrets, Container container) {
        this.manifests = manifests;
        this.secrets = secrets;
        this.container = container;
    }

    static List<String> findings(Manifests manifests, Manifests secretTemplate) {
        List<String> findings = new ArrayList<>();
        for (Container container : manifests.containers()) {
            if (container.isThroughline()) {
                SettingsCheck check = new SettingsCheck(manifests, secretTemplate, container);
                check.settings();
                findings.addAll(check.findings);
            }
        }
        return findings;
    }

    private void expect(boolean holds, String what) {
        if (!holds) {
            findings.add(container.name() + ": " + what);
        }
    }

    /** Every key that the program knows, as an environment variable. */
    private static Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        for (Class<?> mapping : MAPPINGS) {
            ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(mapping))
                    .keySet()
                    .forEach(key -> keys.add(variable(key)));
        }
        keys.add(variable(OwnLog.ENVIRONMENT_PROPERTY));
        EXPRESSION.matcher(properties()).results().forEach(match -> keys.add(variable(match.group(1))));
        return keys;
    }

    private static String variable(String key) {
        return StringUtil.replaceNonAlphanumericByUnderscores(key).toUpperCase(Locale.ROOT);
    }

    private static String properties() {
        try {
            return Files.readString(PROPERTIES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void settings() {
        Map<String, String> environment = environment();
        for (String name : environment.keySet()) {
            expect(KEYS.contains(name), "there is no configuration key for " + name);
        }
        SmallRyeConfig config;
        try {
            config = config(environment);
        } catch (RuntimeException | IOException e) {
            expect(false, "its settings cannot be used: " + e.getMessage());
            return;
        }
        ServerConfig server = config.getConfigMapping(ServerConfig.class);
        ports(config, server);
        drain(server);
        data(server);
        temporaryFiles();
        token(server);
        policy(server);
    }

    /** A variable of the container wins over those of a ConfigMap. */
    private Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode from : container.node().path("envFrom")) {
            JsonNode map =
                    manifests.find("ConfigMap", from.at("/configMapRef/name").asText());
            if (map != null) {
                environment.putAll(Manifests.strings(map.path("data")));
            }
        }
        container
                .node()
                .path("env")
                .forEach(variable -> environment.put(
                        variable.path("name").asText(), variable.path("value").asText()));
        return environment;
    }

    private static SmallRyeConfig config(Map<String, String> environment) throws IOException {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withSources(
                        new EnvConfigSource(environment, 300),
                        new PropertiesConfigSource(PROPERTIES.toUri().toURL()));
        MAPPINGS.forEach(builder::withMapping);
        return builder.build();
    }

    private void ports(SmallRyeConfig config, ServerConfig server) {
        Map<String, Integer> ports = container.ports();
        Map<String, Integer> open = new TreeMap<>();
        config.getConfigMapping(ProbeConfig.class).port().ifPresent(port -> open.put("probes", port));
        expect(open.containsKey("probes"), "there is no port for probes, and a kubelet cannot ask loopback");
        if (!ListenAddress.of(server.listenAddress()).isLoopback()) {
            open.put("http", config.getValue("quarkus.http.port", int.class));
            open.put("otlp-http", config.getConfigMapping(OtlpConfig.class).httpPort());
            open.put("otlp-grpc", config.getConfigMapping(OtlpConfig.class).grpcPort());
            expect(!manifests.ofKind("NetworkPolicy").isEmpty(), "it is open to every pod of the cluster");
        }
        expect(!container.isSidecar() || open.size() <= 1, "a sidecar listens on loopback only");
        expect(ports.equals(open), "its ports are " + ports + ", and the program opens " + open);
    }

    private void drain(ServerConfig server) {
        Duration needed = Duration.ofMillis(server.drainTimeoutMs())
                .plus(Duration.ofMillis(2 * Lifecycle.ANSWERS_WAIT_MS))
                .plus(MARGIN);
        long grace =
                container.pod().spec().path("terminationGracePeriodSeconds").asLong(30);
        expect(grace >= needed.toSeconds(), "is killed after " + grace + " s, and may drain for " + needed.toSeconds());
    }

    /** The spool fits its volume with a quarter to spare: a pod whose volume is over its size is evicted, and the volume with it. */
    private void data(ServerConfig server) {
        String place = server.dataDir().toString();
        JsonNode volume = container.volumeAt(place);
        if (volume == null) {
            expect(false, "no volume is mounted at its data directory " + place);
            return;
        }
        long total = server.spool().totalBytesMax();
        expect(server.spool().auditReserveBytes() < total, "all of its spool is reserved for audit");
        if (volume.has("emptyDir")) {
            long size = Quantities.bytes(volume.at("/emptyDir/sizeLimit"));
            expect(size >= total + total / 4, "its spool of " + total + " bytes does not fit a volume of " + size);
            expect(
                    size <= Quantities.bytes(container.node().at("/resources/limits/ephemeral-storage")),
                    "its volume does not fit its limit of ephemeral storage");
            expect(
                    server.store() == ServerConfig.StoreKind.NONE,
                    "an embedded store has no bound in bytes, its volume has");
        } else {
            expect(volume.at("/hostPath/type").asText().equals("DirectoryOrCreate"), "its data directory is not made");
            boolean isOwned = container.pod().containers().stream()
                    .anyMatch(each -> each.isInit()
                            && each.mountAt(place) != null
                            && each.node().path("command").toString().contains(user() + ":"));
            expect(isOwned, "nobody gives the directory on the node to user " + user());
        }
        expect(
                server.store() == ServerConfig.StoreKind.EMBEDDED
                        || server.kafka().bootstrapServers().isPresent(),
                "nobody takes what is spooled");
    }

    private String user() {
        return container.node().at("/securityContext/runAsUser").asText();
    }

    private void temporaryFiles() {
        JsonNode volume = container.volumeAt("/tmp");
        expect(volume != null && volume.has("emptyDir"), "native libraries cannot be unpacked to /tmp");
    }

    private void token(ServerConfig server) {
        Path file = server.tokenFile().orElse(Path.of("/"));
        JsonNode volume = container.volumeAt(String.valueOf(file.getParent()));
        JsonNode secret = volume == null
                ? null
                : secrets.find("Secret", volume.at("/secret/secretName").asText());
        expect(
                secret != null && secret.path("stringData").has(String.valueOf(file.getFileName())),
                "its token file " + file + " is no key of a mounted Secret");
    }

    private void policy(ServerConfig server) {
        String place = server.policyDir().map(Path::toString).orElse("");
        JsonNode volume = container.volumeAt(place);
        JsonNode map = volume == null
                ? null
                : manifests.find("ConfigMap", volume.at("/configMap/name").asText());
        if (map == null) {
            expect(false, "its policy directory '" + place + "' is no mounted ConfigMap");
            return;
        }
        policy(Manifests.strings(map.path("data")));
    }

    /** As a kubelet would write it, and the program would read it. */
    private void policy(Map<String, String> files) {
        try {
            Path directory = Files.createTempDirectory("policy");
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(directory.resolve(file.getKey()), file.getValue());
            }
            try {
                Object _ = new PolicyLoader().load(directory);
            } catch (PolicyException e) {
                expect(false, "its policy is refused: " + e.getMessage());
            }
            try (Stream<Path> entries = Files.walk(directory)) {
                entries.sorted(Comparator.reverseOrder())
                        .forEach(each -> each.toFile().delete());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
