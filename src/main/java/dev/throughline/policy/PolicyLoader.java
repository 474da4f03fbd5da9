package dev.throughline.policy;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.throughline.contract.SchemaCatalogue;
import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.masking.MaskingRules;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;

/** Reads and compiles a policy. Stateless; what it gives is immutable. */
public final class PolicyLoader {
    private static final String BUILT_IN = "/policy/default-policy.yaml";
    private static final String[] SECTIONS = {
        "apiVersion", "kind", "metadata", "streams", "routes", "contract", "masking"
    };
    private static final int DOCUMENT_CHARACTERS_MAX = 4 << 20;
    private static final int FILES_MAX = 200;

    private final ObjectMapper yaml;

    public PolicyLoader() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(DOCUMENT_CHARACTERS_MAX);
        options.setMaxAliasesForCollections(50);
        options.setAllowRecursiveKeys(false);
        options.setNestingDepthLimit(50);
        options.setAllowDuplicateKeys(false);
        yaml = new ObjectMapper(YAMLFactory.builder().loaderOptions(options).build());
    }

    /** The policy that ships with the product. */
    public Policy builtIn() {
        byte[] document = builtInDocument();
        return compile(parse(document, "built-in"), hash(List.of(document)));
    }

    /** The documents of a directory, in the order of their names, over the built-in policy. */
    public Policy load(Path directory) {
        List<byte[]> documents = new ArrayList<>(List.of(builtInDocument()));
        ObjectNode merged = (ObjectNode) parse(builtInDocument(), "built-in");
        Set<String> given = new HashSet<>();
        for (Path file : files(directory)) {
            byte[] document = read(file);
            documents.add(document);
            JsonNode node = parse(document, String.valueOf(file.getFileName()));
            overlay(merged, node, String.valueOf(file.getFileName()), given);
        }
        return compile(merged, hash(documents));
    }

    /** Only the masking rules of one file: what {@code throughline mask --policy FILE} asks for. */
    public MaskingRules maskingRules(Path file) {
        JsonNode node = parse(read(file), String.valueOf(file.getFileName()));
        Section document = new Section(node, "", SECTIONS);
        return MaskingSection.compile(document.section("masking", "fields", "detectors", "pseudonyms"))
                .rules();
    }

    private static void overlay(ObjectNode merged, JsonNode node, String file, Set<String> given) {
        Section document = new Section(node, "", SECTIONS);
        head(document, file);
        for (String key : document.keys()) {
            if (key.equals("apiVersion") || key.equals("kind")) {
                continue;
            }
            if (!given.add(key)) {
                throw new PolicyException("duplicate_section", file + ": /" + key, "another file has it already");
            }
            if (key.equals("streams") && node.get(key).isObject()) {
                ((ObjectNode) merged.get(key)).setAll((ObjectNode) node.get(key));
            } else {
                merged.set(key, node.get(key));
            }
        }
    }

    private static void head(Section document, String file) {
        boolean ours = document.string("apiVersion", "").equals("throughline.dev/v1")
                && document.string("kind", "").equals("Policy");
        if (!ours) {
            throw new PolicyException(
                    "not_a_policy", file, "apiVersion: throughline.dev/v1 and kind: Policy are expected");
        }
    }

    private Policy compile(JsonNode node, byte[] hash) {
        Section document = new Section(node, "", SECTIONS);
        head(document, "policy");
        return new Policy(
                document.section("metadata").string("name", "unnamed"),
                hash,
                contract(document.section("contract", "log", "error_codes", "undeclared_error_codes")),
                MaskingSection.compile(document.section("masking", "fields", "detectors", "pseudonyms")),
                routes(document),
                streams(document.section("streams")));
    }

    private static ContractRules contract(Section contract) {
        SchemaCatalogue catalogue = SchemaCatalogue.builtIn();
        String log = contract.oneOf("log", SchemaCatalogue.LOG, SchemaCatalogue.LOG);
        Map<String, Set<String>> codes = new LinkedHashMap<>();
        Section declared = contract.section("error_codes");
        declared.keys().forEach(connector -> codes.put(connector, Set.copyOf(declared.strings(connector))));
        return new ContractRules(
                schema(catalogue, log),
                schema(catalogue, SchemaCatalogue.SPAN),
                schema(catalogue, SchemaCatalogue.METRIC),
                Map.copyOf(codes),
                contract.oneOf("undeclared_error_codes", "count", "count", "refuse")
                        .equals("refuse"));
    }

    private static JsonSchema schema(SchemaCatalogue catalogue, String name) {
        JsonSchema schema = catalogue.find(name);
        if (schema == null) {
            throw new PolicyException("unknown_schema", "/contract", "there is no schema of that name");
        }
        return schema;
    }

    private static Routes routes(Section document) {
        List<Routes.Route> routes = new ArrayList<>();
        for (Section route : document.list("routes", "stream", "event_name", "entity_type")) {
            Stream stream = stream(route.required("stream"), route.at("stream"));
            if (stream != Stream.AUDIT && stream != Stream.OPERATIONAL_LOGS) {
                throw new PolicyException("not_in_enum", route.at("stream"), "audit or operational.logs is expected");
            }
            routes.add(new Routes.Route(stream, route.strings("event_name"), route.strings("entity_type")));
        }
        return new Routes(routes);
    }

    private static Map<Stream, StreamSettings> streams(Section streams) {
        Map<Stream, StreamSettings> settings = new EnumMap<>(Stream.class);
        streams.sections("retention", "topic", "partitions", "quota").forEach((name, section) -> {
            Stream stream = stream(name, section.at(""));
            settings.put(
                    stream,
                    new StreamSettings(
                            section.duration("retention", Duration.ofDays(14)),
                            section.string("topic", "throughline." + name),
                            section.integer("partitions", 6, 1, 10_000),
                            section.bytes("quota", 1L << 30)));
        });
        return settings;
    }

    private static Stream stream(String name, String place) {
        for (Stream stream : Stream.values()) {
            if (stream.label().equals(name)) {
                return stream;
            }
        }
        throw new PolicyException("unknown_key", place, "there is no such stream");
    }

    private JsonNode parse(byte[] document, String file) {
        try {
            JsonNode node = yaml.readTree(document);
            if (node == null || !node.isObject()) {
                throw new PolicyException("not_a_policy", file, "a mapping is expected");
            }
            return node;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String place = at == null ? file : file + ":" + at.getLineNr() + ":" + at.getColumnNr();
            throw new PolicyException("malformed_yaml", place, "it is not YAML, or over a bound");
        } catch (IOException e) {
            throw new PolicyException("unreadable_file", file, "it cannot be read");
        }
    }

    private static List<Path> files(Path directory) {
        try (var entries = Files.list(directory)) {
            List<Path> files = entries.filter(
                            file -> !file.getFileName().toString().startsWith("."))
                    .filter(file ->
                            file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
                    .sorted()
                    .limit(FILES_MAX + 1L)
                    .toList();
            if (files.isEmpty() || files.size() > FILES_MAX) {
                throw new PolicyException("not_a_policy", directory.toString(), "1 to 200 YAML files are expected");
            }
            return files;
        } catch (IOException e) {
            throw new PolicyException("unreadable_file", directory.toString(), "the directory cannot be read");
        }
    }

    private static byte[] read(Path file) {
        try {
            if (Files.size(file) > DOCUMENT_CHARACTERS_MAX) {
                throw new PolicyException("too_large", file.toString(), "a policy file has at most 4 MiB");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new PolicyException("unreadable_file", file.toString(), "it cannot be read");
        }
    }

    private static byte[] builtInDocument() {
        try (InputStream in = PolicyLoader.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IllegalStateException("the built-in policy is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] hash(List<byte[]> documents) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (byte[] document : documents) {
                sha256.update(Integer.toString(document.length).getBytes(StandardCharsets.US_ASCII));
                sha256.update((byte) '\n');
                sha256.update(document);
            }
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java", e);
        }
    }
}
