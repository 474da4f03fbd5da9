package dev.throughline.policy;

import dev.throughline.contract.SchemaCatalogue;
import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.SchemaException;
import dev.throughline.policy.RecordRules.Enforcement;
import dev.throughline.policy.RuleSelection.NamedSchema;
import dev.throughline.policy.document.DocumentNode;
import dev.throughline.policy.document.DocumentNode.Scalar;
import dev.throughline.policy.document.DocumentReader;
import dev.throughline.policy.document.JsonText;
import dev.throughline.policy.document.Place;
import dev.throughline.policy.document.PolicyFiles;
import dev.throughline.policy.document.Positions;
import dev.throughline.policy.document.Problems;
import dev.throughline.policy.document.Section;
import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code contract}: schemas, who has to keep which, error codes, strictness, correlation. */
final class ContractSection {
    private static final Pattern ERROR_CODE = Pattern.compile("[A-Z][A-Z0-9_]{1,63}");
    private static final int ERROR_CODES_MAX = 100_000;
    private static final String BUILT_IN = "integration-log/v1";
    /** Of a schema in a file of its own. */
    private static final JsonTape.Limits FILE_LIMITS = new JsonTape.Limits(64, 20_000, 1 << 20);

    private static final int FILES_MAX = 100;
    private static final long TOKENS_MAX = 100_000;

    private final Section contract;
    private final References references;
    private final PolicyFiles files;
    private final Problems problems;
    private final boolean closes;
    private final Map<String, NamedSchema> schemas = new HashMap<>();
    private SchemaCatalogue catalogue = SchemaCatalogue.builtIn();
    private int filesRead;
    private long tokens;

    /** @param closes whether anybody refuses undeclared members */
    ContractSection(Section document, References references, PolicyFiles files, boolean closes) {
        this.contract = document.section(
                "contract",
                "log",
                "schemas",
                "use",
                "error_codes",
                "undeclared_error_codes",
                "undeclared_fields",
                "correlation");
        this.references = references;
        this.files = files;
        this.problems = document.problems();
        this.closes = closes;
        compileSchemas();
    }

    /** Whether a section refuses members that no schema names. */
    static boolean refusesFields(Section section) {
        return section.oneOf("undeclared_fields", "allow", "allow", "refuse").equals("refuse");
    }

    static boolean refusesCodes(Section section) {
        return section.oneOf("undeclared_error_codes", "count", "count", "refuse")
                .equals("refuse");
    }

    /** The schemas that the policy adds, by name, in their order. */
    List<String> schemaNames() {
        return contract.list("schemas").stream()
                .map(schema -> schema.string("name", ""))
                .toList();
    }

    ContractRules rules() {
        return new ContractRules(
                Objects.requireNonNull(catalogue.find(SchemaCatalogue.SPAN)),
                Objects.requireNonNull(catalogue.find(SchemaCatalogue.METRIC)),
                errorCodes());
    }

    RuleSelection.Standard standard() {
        Section correlation = contract.section("correlation", "trusted_connectors", "missing", "mapping");
        return new RuleSelection.Standard(
                named(contract, "log", contract.string("log", BUILT_IN)),
                refusesFields(contract),
                refusesCodes(contract),
                correlation.oneOf("missing", "generate", "generate", "refuse").equals("refuse"),
                Enforcement.valueOf(correlation
                        .oneOf("mapping", "count", "off", "count", "refuse")
                        .toUpperCase(Locale.ROOT)));
    }

    /** The connectors whose correlation ids are taken: all, where nothing is said. */
    List<NamePattern> trustedConnectors() {
        Section correlation = contract.section("correlation");
        return correlation.has("trusted_connectors")
                ? references.connectors(correlation, "trusted_connectors")
                : List.of(NamePattern.of("*"));
    }

    List<RuleSelection.Use> uses() {
        List<RuleSelection.Use> uses = new ArrayList<>();
        for (Section use : contract.list("use", "schema", "connectors", "tenants", "shadow")) {
            String name = use.required("schema");
            if (!use.has("connectors") && !use.has("tenants")) {
                use.problem("missing_key", "connectors or tenants is expected; contract.log is for all");
            }
            uses.add(new RuleSelection.Use(
                    named(use, "schema", name),
                    use.bool("shadow", false),
                    references.connectors(use, "connectors"),
                    references.tenants(use, "tenants")));
        }
        return uses;
    }

    /** A log's schema by name; the built-in one where there is no such. */
    private NamedSchema named(Section section, String key, String name) {
        if (name.isEmpty()) {
            return builtIn();
        }
        Set<String> declared = new HashSet<>(catalogue.names());
        declared.addAll(schemaNames());
        references.known(name, section, key, declared, "schema");
        if (catalogue.names().contains(name) && !catalogue.isExtensionOf(name, BUILT_IN)) {
            section.problem(
                    key, "not_a_log_schema", "a log's schema extends " + BUILT_IN + " (extends: " + BUILT_IN + ")");
            return builtIn();
        }
        return catalogue.names().contains(name) ? schemas.computeIfAbsent(name, this::compiled) : builtIn();
    }

    private NamedSchema builtIn() {
        return schemas.computeIfAbsent(BUILT_IN, this::compiled);
    }

    private NamedSchema compiled(String name) {
        JsonSchema closed = null;
        try {
            closed = closes ? catalogue.closed(name) : null;
        } catch (SchemaException e) {
            contract.problem("invalid_schema", name + " cannot be closed: " + e.code());
        }
        return new NamedSchema(name, Objects.requireNonNull(catalogue.find(name)), closed);
    }

    private void compileSchemas() {
        for (Section schema : contract.list("schemas", "name", "extends", "schema", "file", "description")) {
            String name = schema.required("name");
            schema.string("description", "");
            String base = schema.string("extends", "");
            Source source = source(schema);
            if (!name.isEmpty() && !SchemaCatalogue.isName(name)) {
                schema.problem("name", "malformed_name", "a schema's name is like orders/v1");
                continue;
            }
            if (source == null || name.isEmpty()) {
                continue;
            }
            try {
                catalogue = base.isEmpty()
                        ? catalogue.with(name, source.json())
                        : catalogue.extending(name, base, source.json());
            } catch (SchemaException e) {
                switch (e.code()) {
                    case "duplicate_name" -> schema.problem("name", "duplicate_name", "there is such a schema already");
                    case "unknown_base" ->
                        schema.problem(
                                "extends",
                                "dangling_reference",
                                "there is no such schema above; an extension stands after what it extends");
                    case "too_many_schemas" -> schema.problem("too_many_schemas", "at most 1,000 schemas");
                    default -> source.refuse(e, problems);
                }
                if (e.code().equals("patterns_too_large")) {
                    return;
                }
            }
        }
    }

    /** A schema's JSON, and where it was written. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Source(
            byte[] json,
            Place place,
            String pointer,
            @Nullable DocumentNode node) {
        void refuse(SchemaException e, Problems problems) {
            boolean elsewhere = !e.schemaUri().isEmpty()
                    && !e.pointer().isEmpty()
                    && e.schemaUri().startsWith("urn:");
            String inside = elsewhere ? "" : e.pointer();
            if (e.code().equals("patterns_too_large")) {
                problems.add(
                        node == null ? place : Positions.of(node, inside),
                        pointer + inside,
                        "too_large",
                        "the patterns of all schemas take more than 8 MiB");
                return;
            }
            String why = e.code().equals("runaway_pattern")
                    ? "the pattern would have to backtrack (look-around, a back reference, or too many alternatives), "
                            + "and could run away"
                    : "it cannot be compiled as JSON Schema 2020-12: " + e.code();
            problems.add(
                    node == null ? place : Positions.of(node, inside),
                    pointer + inside,
                    e.code().equals("runaway_pattern") ? e.code() : "invalid_schema",
                    why + (node == null && !inside.isEmpty() ? ", at " + inside : ""));
        }
    }

    private @Nullable Source source(Section schema) {
        DocumentNode inline = schema.value("schema");
        if ((inline == null) == !schema.has("file")) {
            schema.problem("missing_key", "either schema or file is expected");
            return null;
        }
        if (inline == null) {
            return ofFile(schema);
        }
        String pointer = schema.at("schema");
        if (inline instanceof Scalar scalar && scalar.kind() == DocumentNode.Kind.STRING) {
            return new Source(scalar.text().getBytes(StandardCharsets.UTF_8), scalar.place(), pointer, null);
        }
        return new Source(JsonText.of(inline, pointer, problems), inline.place(), pointer, inline);
    }

    private @Nullable Source ofFile(Section schema) {
        String file = schema.string("file", "");
        if (++filesRead > FILES_MAX) {
            schema.problem("file", "too_many_files", "at most 100 schemas are in files of their own");
            return null;
        }
        byte[] json = files.files().get(file);
        if (json == null || PolicyFiles.isDocument(file)) {
            schema.problem("file", "dangling_reference", "there is no such *.json file beside the policy");
            return null;
        }
        JsonTape tape = new JsonTape(FILE_LIMITS);
        try {
            tape.parseWhole(json.clone());
            tokens += tape.size();
            if (tokens > TOKENS_MAX) {
                problems.add(
                        Place.of(file),
                        "",
                        "too_large",
                        "schemas in files of their own come to at most 100,000 tokens");
                return null;
            }
        } catch (JsonSyntaxException e) {
            boolean bound = e.problem().isBound();
            problems.add(
                    Positions.of(file, json, e.offset()),
                    "",
                    bound ? "too_large" : "invalid_schema",
                    "it is not JSON, or over a bound: " + e.problem().label());
            return null;
        }
        return new Source(json, Place.of(file), "", new DocumentReader(new Problems()).read(file, json));
    }

    private Map<String, Set<String>> errorCodes() {
        Map<String, Set<String>> codes = new LinkedHashMap<>();
        Section declared = contract.section("error_codes");
        int count = 0;
        for (String connector : declared.keys()) {
            references.connector(declared, connector);
            Set<String> own = new HashSet<>();
            for (Section.Text code : declared.texts(connector)) {
                if (!ERROR_CODE.matcher(code.text()).matches()) {
                    problems.add(
                            code.place(),
                            code.pointer(),
                            "malformed_value",
                            "an error code is 2 to 64 capital letters, digits and _");
                } else if (!own.add(code.text())) {
                    problems.add(code.place(), code.pointer(), "duplicate_name", "the code is there already");
                }
                count++;
            }
            codes.put(connector, Set.copyOf(own));
        }
        if (count > ERROR_CODES_MAX) {
            declared.problem("too_large", "at most 100,000 error codes");
        }
        return Map.copyOf(codes);
    }
}
