package dev.throughline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.SchemaOptions;
import dev.throughline.contract.schema.Violations;
import dev.throughline.policy.document.DocumentNode;
import dev.throughline.policy.document.DocumentNode.Entry;
import dev.throughline.policy.document.DocumentNode.Kind;
import dev.throughline.policy.document.DocumentNode.Mapping;
import dev.throughline.policy.document.DocumentNode.Scalar;
import dev.throughline.policy.document.DocumentNode.Sequence;
import dev.throughline.policy.document.DocumentReader;
import dev.throughline.policy.document.JsonText;
import dev.throughline.policy.document.PolicyFiles;
import dev.throughline.policy.document.Problem;
import dev.throughline.policy.document.Problems;
import dev.throughline.telemetry.JsonTape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published JSON Schema and the loader agree: what the one refuses for its structure, the other does. */
class PolicySchemaTest {
    /** What a schema of one document can tell. */
    private static final Set<String> STRUCTURE = Set.of(
            "unknown_key",
            "wrong_type",
            "missing_key",
            "not_in_enum",
            "out_of_range",
            "not_a_policy",
            "malformed_value",
            "malformed_name",
            "invalid_masking");

    private final JsonSchema schema = schema();
    private final JsonTape tape = new JsonTape();

    private static JsonSchema schema() {
        try {
            return JsonSchema.compile(PolicyLoader.schema(), SchemaOptions.CONTRACT);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deploy/policy/small/policy.yaml",
                "deploy/policy/small/policy.test.yaml",
                "deploy/policy/large/10-streams.yaml",
                "deploy/policy/large/20-contract.yaml",
                "deploy/policy/large/30-masking.yaml",
                "deploy/policy/large/40-connectors.yaml",
                "deploy/policy/large/50-tenants.yaml",
                "deploy/policy/large/60-objectives.yaml",
                "deploy/policy/large/cases.test.yaml",
                "src/main/resources/policy/default-policy.yaml"
            })
    void theExamplesConform(String file) throws Exception {
        assertThat(refusals(read(file))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/policy/small", "deploy/policy/large"})
    void theExamplesLoadAndTheirCasesHold(String directory) {
        assertThat(Policies.problems(Path.of(directory))).isEmpty();
    }

    /** A change at a time, anywhere in the large example. */
    @Test
    void whatIsWrongInItsStructureIsWrongForBoth() throws Exception {
        List<String> files =
                List.of("10-streams", "20-contract", "30-masking", "40-connectors", "50-tenants", "60-objectives");
        int refused = 0;
        int differ = 0;
        List<String> differences = new ArrayList<>();
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            String file = files.get(random.nextInt(files.size()));
            DocumentNode mutated = new Mutation(random).of(read("deploy/policy/large/" + file + ".yaml"));
            if (!(mutated instanceof Mapping changed)) {
                continue;
            }
            byte[] json = JsonText.of(changed, "", new Problems());
            boolean loader = structural(json);
            boolean published = !refusals(changed).isEmpty();
            refused += published ? 1 : 0;
            if (loader != published) {
                differ++;
                differences.add(seed + " " + file + ": loader " + loader + ", schema " + refusals(changed) + " "
                        + (loader ? problems(json) : ""));
            }
        }
        assertThat(refused).isGreaterThan(800);
        assertThat(differences).as("of 3,000, " + differ).isEmpty();
    }

    private static List<String> problems(byte[] json) {
        return found(json).stream().map(Problem::toString).toList();
    }

    /** JSON is YAML. */
    private static List<Problem> found(byte[] json) {
        try {
            new PolicyLoader().compile(PolicyFiles.of(Map.of("p.yaml", json)), Path.of("."));
            return List.of();
        } catch (PolicyException e) {
            return e.problems();
        }
    }

    private static boolean structural(byte[] json) {
        return found(json).stream().anyMatch(problem -> STRUCTURE.contains(problem.code()));
    }

    private static Mapping read(String file) throws Exception {
        Problems problems = new Problems();
        Mapping document = new DocumentReader(problems).read(file, Files.readAllBytes(Path.of(file)));
        assertThat(problems.list()).isEmpty();
        return Objects.requireNonNull(document);
    }

    private List<String> refusals(Mapping document) throws Exception {
        tape.parseWhole(JsonText.of(document, "", new Problems()));
        Violations violations = new Violations();
        schema.validate(tape, 0, violations);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < violations.count(); i++) {
            all.add(violations.pointer(i) + " " + violations.keyword(i));
        }
        return all;
    }

    /** One change in a document: a key added, removed or renamed, a value of another type, a number far out. */
    private static final class Mutation {
        private final Random random;
        private int left;

        Mutation(Random random) {
            this.random = random;
        }

        DocumentNode of(DocumentNode document) {
            left = random.nextInt(count(document));
            return change(document, "");
        }

        private static int count(DocumentNode node) {
            return switch (node) {
                case Mapping mapping ->
                    1
                            + mapping.entries().values().stream()
                                    .mapToInt(e -> count(e.value()))
                                    .sum();
                case Sequence sequence ->
                    1 + sequence.items().stream().mapToInt(Mutation::count).sum();
                case Scalar ignored -> 1;
            };
        }

        private DocumentNode change(DocumentNode node, String path) {
            // Within schemas and records of cases, everything is free.
            boolean free = path.endsWith("/schema") || path.startsWith("/metadata/");
            if (left-- == 0 && !free) {
                return changed(node);
            }
            return switch (node) {
                case Mapping mapping -> {
                    Map<String, Entry> entries = new LinkedHashMap<>();
                    mapping.entries()
                            .forEach((key, entry) -> entries.put(
                                    key,
                                    new Entry(
                                            entry.keyPlace(),
                                            free ? entry.value() : change(entry.value(), path + "/" + key))));
                    yield new Mapping(mapping.place(), entries);
                }
                case Sequence sequence ->
                    new Sequence(
                            sequence.place(),
                            sequence.items().stream()
                                    .map(item -> change(item, path + "/0"))
                                    .toList());
                case Scalar scalar -> scalar;
            };
        }

        private DocumentNode changed(DocumentNode node) {
            return switch (node) {
                case Mapping mapping
                when random.nextInt(4) > 0 -> {
                    Map<String, Entry> entries = new LinkedHashMap<>(mapping.entries());
                    List<String> keys = new ArrayList<>(entries.keySet());
                    if (random.nextBoolean() || keys.isEmpty()) {
                        entries.put("surprise", new Entry(mapping.place(), text(mapping, "x")));
                    } else {
                        entries.remove(keys.get(random.nextInt(keys.size())));
                    }
                    yield new Mapping(mapping.place(), entries);
                }
                case Scalar scalar
                when scalar.kind() == Kind.INTEGER || scalar.kind() == Kind.DECIMAL ->
                    random.nextBoolean()
                            ? new Scalar(scalar.place(), Kind.INTEGER, random.nextBoolean() ? "-7" : "2000000000")
                            : other(node);
                case Scalar scalar when random.nextInt(3) == 0 -> text(scalar, "surprise");
                default -> other(node);
            };
        }

        private DocumentNode other(DocumentNode node) {
            return switch (random.nextInt(5)) {
                case 0 -> new Mapping(node.place(), Map.of());
                case 1 -> new Sequence(node.place(), List.of());
                case 2 -> new Scalar(node.place(), Kind.BOOLEAN, "true");
                case 3 -> new Scalar(node.place(), Kind.INTEGER, "3");
                default -> new Scalar(node.place(), Kind.NULL, "null");
            };
        }

        private static Scalar text(DocumentNode node, String text) {
            return new Scalar(node.place(), Kind.STRING, text);
        }
    }

    @Test
    void theSchemaIsServedAsItIs() {
        assertThat(new String(PolicyLoader.schema(), StandardCharsets.UTF_8))
                .contains("\"$id\": \"https://throughline.dev/schemas/policy/v1\"");
    }
}
