package dev.throughline.policy;

import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.masking.Masker;
import dev.throughline.policy.RecordRules.CorrelationRules;
import dev.throughline.policy.RecordRules.Enforcement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds the rules of a connector and tenant. Thread-safe: rules are made when they are first asked for, as many as differ. */
final class RuleSelection {
    private final Standard standard;
    private final List<Use> uses;
    private final Map<String, TenantRules> overrides;
    private final List<NamePattern> trustedConnectors;
    private final List<Masker> maskers;
    private final boolean uniform;
    private final Map<Key, RecordRules> known = new ConcurrentHashMap<>();

    /** A schema as it is used, with its variant that refuses undeclared members. */
    record NamedSchema(
            String name, JsonSchema open, @Nullable JsonSchema closed) {
        JsonSchema of(boolean refuseUndeclaredFields) {
            return refuseUndeclaredFields && closed != null ? closed : open;
        }
    }

    /** What holds where nothing else is said. */
    record Standard(
            NamedSchema log,
            boolean refuseUndeclaredFields,
            boolean refuseUndeclaredCodes,
            boolean correlationRequired,
            Enforcement mapping) {}

    /** Which connectors and tenants a schema is for; empty lists match all. */
    record Use(NamedSchema schema, boolean shadow, List<NamePattern> connectors, List<NamePattern> tenants) {
        boolean isFor(String connector, String tenant) {
            return (connectors.isEmpty() || NamePattern.anyMatches(connectors, connector))
                    && (tenants.isEmpty() || NamePattern.anyMatches(tenants, tenant));
        }
    }

    /** What a tenant has otherwise; null: as all. */
    record TenantRules(
            @Nullable Boolean refuseUndeclaredFields,
            @Nullable Boolean refuseUndeclaredCodes,
            @Nullable Boolean trustCorrelation,
            int masker) {}

    /** What tells rules apart. */
    private record Key(
            NamedSchema schema,
            @Nullable NamedSchema shadow,
            boolean refuseFields,
            boolean refuseCodes,
            boolean trusted,
            int masker) {}

    RuleSelection(
            Standard standard,
            List<Use> uses,
            Map<String, TenantRules> overrides,
            List<NamePattern> trustedConnectors,
            List<Masker> maskers) {
        this.standard = standard;
        this.uses = List.copyOf(uses);
        this.overrides = Map.copyOf(overrides);
        this.trustedConnectors = List.copyOf(trustedConnectors);
        this.maskers = List.copyOf(maskers);
        this.uniform = uses.isEmpty()
                && overrides.isEmpty()
                && trustedConnectors.stream()
                        .anyMatch(pattern -> pattern.toString().equals("*"));
    }

    List<Masker> maskers() {
        return maskers;
    }

    /** Whether all records have the same rules. */
    boolean isUniform() {
        return uniform;
    }

    RecordRules of(String connector, String tenant) {
        TenantRules own = overrides.get(tenant);
        Key key = new Key(
                schemaOf(connector, tenant),
                shadowOf(connector, tenant),
                or(own == null ? null : own.refuseUndeclaredFields(), standard.refuseUndeclaredFields()),
                or(own == null ? null : own.refuseUndeclaredCodes(), standard.refuseUndeclaredCodes()),
                or(own == null ? null : own.trustCorrelation(), true)
                        && NamePattern.anyMatches(trustedConnectors, connector),
                own == null ? 0 : own.masker());
        return known.computeIfAbsent(key, this::rules);
    }

    private static boolean or(@Nullable Boolean own, boolean otherwise) {
        return own == null ? otherwise : own;
    }

    private NamedSchema schemaOf(String connector, String tenant) {
        for (Use use : uses) {
            if (!use.shadow() && use.isFor(connector, tenant)) {
                return use.schema();
            }
        }
        return standard.log();
    }

    private @Nullable NamedSchema shadowOf(String connector, String tenant) {
        for (Use use : uses) {
            if (use.shadow() && use.isFor(connector, tenant)) {
                return use.schema();
            }
        }
        return null;
    }

    private RecordRules rules(Key key) {
        NamedSchema shadow = key.shadow();
        return new RecordRules(
                key.schema().name(),
                key.schema().of(key.refuseFields()),
                shadow == null ? null : shadow.of(key.refuseFields()),
                shadow == null ? "" : shadow.name(),
                maskers.get(key.masker()),
                key.masker(),
                key.refuseCodes(),
                new CorrelationRules(key.trusted(), standard.correlationRequired(), standard.mapping()));
    }
}
