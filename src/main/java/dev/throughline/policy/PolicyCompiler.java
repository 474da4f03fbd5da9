package dev.throughline.policy;

import dev.throughline.masking.Action;
import dev.throughline.masking.Masker;
import dev.throughline.masking.PseudonymKeys;
import dev.throughline.masking.detect.Detector;
import dev.throughline.policy.document.DocumentNode;
import dev.throughline.policy.document.DocumentNode.Mapping;
import dev.throughline.policy.document.DocumentNode.Scalar;
import dev.throughline.policy.document.PolicyFiles;
import dev.throughline.policy.document.Problems;
import dev.throughline.policy.document.Section;
import dev.throughline.telemetry.Stream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a policy of one document; what is wrong is noted. Used once. */
final class PolicyCompiler {
    private static final String[] SECTIONS = {
        "apiVersion",
        "kind",
        "metadata",
        "streams",
        "routes",
        "contract",
        "masking",
        "connectors",
        "tenants",
        "objectives",
        "alerts",
        "canary"
    };
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final int MASKERS_MAX = 16;
    private static final int ROUTES_MAX = 1_000;
    private static final int SEGMENTS_MAX = 16;

    private final Section document;
    private final PolicyFiles files;
    private final Path directory;
    private final Problems problems;
    private final References references;

    PolicyCompiler(Mapping document, PolicyFiles files, Path directory, Problems problems) {
        this.document = section(document, problems);
        this.files = files;
        this.directory = directory;
        this.problems = problems;
        this.references = new References(this.document);
    }

    static Section section(Mapping document, Problems problems) {
        return new Section(document, "", problems, SECTIONS);
    }

    /** Null where it makes no sense to go on. */
    @Nullable
    Policy compile(byte[] hash) {
        Section metadata = document.section("metadata", "name", "description", "labels", "annotations", "namespace");
        ContractSection contract = new ContractSection(document, references, files, closes());
        MaskingSection masking = new MaskingSection(document, directory);
        PseudonymKeys keys = masking.keys();
        Masker standard = masking.masker(Map.of(), keys);
        List<Masker> maskers = new ArrayList<>();
        if (standard != null) {
            maskers.add(standard);
        }
        Tenants tenants = tenants(masking, keys, maskers);
        DeskSections desk = new DeskSections(document, references);
        RuleSelection selection = new RuleSelection(
                contract.standard(), contract.uses(), tenants.overrides(), contract.trustedConnectors(), maskers);
        Policy.Records records = new Policy.Records(
                contract.rules(), selection, masking.shadow(keys), new Routes(routes()), streams(), canary());
        Policy.Desk parts = new Policy.Desk(
                Map.copyOf(desk.connectors()),
                Map.copyOf(tenants.all()),
                Map.copyOf(desk.objectives()),
                List.copyOf(desk.alerts()));
        String name = metadata.string("name", "unnamed");
        metadata.string("description", "");
        metadata.string("namespace", "");
        metadata.section("labels");
        metadata.section("annotations");
        return problems.isEmpty()
                ? new Policy(
                        name,
                        hash,
                        records,
                        parts,
                        new Policy.Own(
                                contract.schemaNames(), masking.fields(), masking.detectors(), masking.keyFile()))
                : null;
    }

    /** Whether anybody refuses members that no schema names. */
    private boolean closes() {
        boolean closes = ContractSection.refusesFields(document.section("contract"));
        for (Section tenant : document.section("tenants").sections().values()) {
            closes |= ContractSection.refusesFields(tenant.section("overrides"));
        }
        return closes;
    }

    // ---- tenants

    private record Tenants(Map<String, Tenant> all, Map<String, RuleSelection.TenantRules> overrides) {}

    private Tenants tenants(MaskingSection masking, @Nullable PseudonymKeys keys, List<Masker> maskers) {
        Map<String, Tenant> all = new LinkedHashMap<>();
        Map<String, RuleSelection.TenantRules> overrides = new HashMap<>();
        Map<Map<Detector, Action>, Integer> known = new HashMap<>(Map.of(Map.of(), 0));
        Section section = document.section("tenants");
        section.sections("quota", "region", "overrides", "description").forEach((name, tenant) -> {
            if (!References.TENANT.matcher(name).matches()) {
                section.keyProblem(name, "malformed_name", "a tenant is letters, digits and _.-, at most 64");
            }
            tenant.string("description", "");
            Section quota = tenant.section("quota", "records_per_second", "bytes_per_day");
            all.put(
                    name,
                    new Tenant(
                            name,
                            tenant.string("region", ""),
                            quota.integer("records_per_second", 0, 1, 100_000_000),
                            quota.bytes("bytes_per_day", 0)));
            if (tenant.has("overrides")) {
                Section own = tenant.section(
                        "overrides", "undeclared_fields", "undeclared_error_codes", "trust_correlation", "detectors");
                overrides.put(name, override(own, masking, keys, maskers, known));
            }
        });
        return new Tenants(all, overrides);
    }

    private static RuleSelection.TenantRules override(
            Section own,
            MaskingSection masking,
            @Nullable PseudonymKeys keys,
            List<Masker> maskers,
            Map<Map<Detector, Action>, Integer> known) {
        Map<Detector, Action> detectors = new EnumMap<>(Detector.class);
        Map<Detector, Action> tried = new EnumMap<>(Detector.class);
        MaskingSection.readDetectors(own.section("detectors"), detectors, tried);
        if (!tried.isEmpty()) {
            own.problem("detectors", "conflict", "a tenant's detectors cannot be tried only; those of masking can");
        }
        Integer masker = known.get(detectors);
        if (masker == null) {
            Masker made = masking.masker(detectors, keys);
            masker = maskers.size();
            if (masker == MASKERS_MAX) {
                own.problem("detectors", "too_large", "tenants have at most 15 different sets of detectors");
            }
            if (made != null) {
                maskers.add(made);
            }
            known.put(detectors, masker);
        }
        return new RuleSelection.TenantRules(
                own.has("undeclared_fields") ? ContractSection.refusesFields(own) : null,
                own.has("undeclared_error_codes") ? ContractSection.refusesCodes(own) : null,
                own.has("trust_correlation") ? own.bool("trust_correlation", true) : null,
                masker);
    }

    // ---- routes and streams

    private List<Routes.Route> routes() {
        List<Routes.Route> routes = new ArrayList<>();
        References.names(document, "routes");
        for (Section route :
                document.list("routes", "name", "stream", "event_name", "entity_type", "connectors", "field")) {
            Stream stream = References.streams().getOrDefault(route.required("stream"), Stream.QUARANTINE);
            if (route.has("stream") && stream != Stream.AUDIT && stream != Stream.OPERATIONAL_LOGS) {
                route.problem("stream", "not_in_enum", "one of audit, operational.logs is expected");
            }
            routes.add(new Routes.Route(
                    route.string("name", "routes/" + routes.size()),
                    stream,
                    references.patterns(route, "event_name"),
                    references.patterns(route, "entity_type"),
                    references.connectors(route, "connectors"),
                    route.has("field") ? field(route.section("field", "path", "equals")) : null));
        }
        if (routes.size() > ROUTES_MAX) {
            document.problem("routes", "too_large", "at most 1,000 routes");
        }
        return routes;
    }

    private Routes.FieldTest field(Section field) {
        String path = field.required("path");
        List<byte[]> segments = new ArrayList<>();
        if (!path.startsWith("/") || path.split("/", -1).length - 1 > SEGMENTS_MAX) {
            if (field.has("path")) {
                field.problem("path", "malformed_value", "a path starts with / and has at most 16 segments");
            }
        } else {
            for (String segment : path.substring(1).split("/", -1)) {
                segments.add(segment.replace("~1", "/").replace("~0", "~").getBytes(StandardCharsets.UTF_8));
            }
        }
        List<DocumentNode> given = field.value("equals") instanceof Scalar one ? List.of(one) : field.items("equals");
        List<String> values = new ArrayList<>();
        for (DocumentNode value : given) {
            if (value instanceof Scalar scalar && scalar.kind() != DocumentNode.Kind.NULL) {
                values.add(scalar.text());
            } else {
                problems.add(
                        value.place(), field.at("equals"), "wrong_type", "a string, number or boolean is expected");
            }
        }
        return new Routes.FieldTest(segments, values);
    }

    private Map<Stream, StreamSettings> streams() {
        Map<Stream, StreamSettings> settings = new EnumMap<>(Stream.class);
        Map<String, String> topics = new HashMap<>();
        Section streams = document.section("streams");
        streams.sections("retention", "topic", "partitions", "quota", "reserve").forEach((name, section) -> {
            Stream stream = References.streams().get(name);
            if (stream == null) {
                streams.keyProblem(
                        name,
                        "unknown_key",
                        "there is no such stream; known here: "
                                + String.join(
                                        ", ",
                                        new java.util.TreeSet<>(
                                                References.streams().keySet())));
                return;
            }
            String topic = section.string("topic", "throughline." + name, TOPIC, "a topic's name");
            String other = topics.putIfAbsent(topic, name);
            if (other != null) {
                section.problem("topic", "duplicate_name", "the topic is that of " + other + " already");
            }
            if (section.has("reserve") && stream != Stream.AUDIT) {
                section.keyProblem("reserve", "unknown_key", "only audit has a reserve");
            }
            settings.put(
                    stream,
                    new StreamSettings(
                            section.duration("retention", Duration.ofDays(14)),
                            topic,
                            section.integer("partitions", 6, 1, 10_000),
                            section.bytes("quota", 1L << 30),
                            section.bytes("reserve", 0)));
        });
        StreamSettings audit = settings.get(Stream.AUDIT);
        if (audit != null && audit.reserveBytes() > audit.quotaBytes()) {
            streams.section("audit").problem("reserve", "conflict", "the reserve is within the quota");
        }
        return settings;
    }

    private CanarySettings canary() {
        Section canary = document.section("canary", "refusal_rate_max", "window", "records_min");
        return new CanarySettings(
                canary.number("refusal_rate_max", 0.05, 0, 1),
                canary.duration("window", Duration.ofMinutes(5)),
                canary.integer("records_min", 20, 1, 1_000_000));
    }
}
