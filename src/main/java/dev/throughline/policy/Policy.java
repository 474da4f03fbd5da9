package dev.throughline.policy;

import dev.throughline.masking.Action;
import dev.throughline.masking.Masker;
import dev.throughline.masking.detect.Detector;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.Stream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A policy, compiled: everything that contract, masking and streams ask while records flow, and what the desk goes by. Immutable and
 * thread-safe; a request sees one from start to end.
 */
public final class Policy {
    private static final int SHORT_HASH_BYTES = 8;

    private final String name;
    private final byte[] hash;
    private final Records records;
    private final Desk desk;
    private final Own own;
    private final RecordRules rules;
    private final boolean uniform;

    /** What records are asked. */
    record Records(
            ContractRules contract,
            RuleSelection selection,
            @Nullable ShadowMasking shadow,
            Routes routes,
            Map<Stream, StreamSettings> streams,
            CanarySettings canary) {}

    /** What the desk goes by. */
    record Desk(
            Map<String, Connector> connectors,
            Map<String, Tenant> tenants,
            Map<String, Objective> objectives,
            List<AlertRule> alerts) {}

    /** What the policy itself adds to what ships: that a trial can say what no case touches. */
    record Own(
            List<String> schemas,
            List<MaskingSection.NamedRule> fields,
            Map<Detector, Action> detectors,
            @Nullable Path keyFile) {}

    /** @param hash SHA-256 of the documents it was made from */
    Policy(String name, byte[] hash, Records records, Desk desk, Own own) {
        this.name = name;
        this.hash = hash.clone();
        this.records = records;
        this.desk = desk;
        this.own = own;
        this.rules = records.selection().of("", "");
        this.uniform = records.selection().isUniform();
    }

    public String name() {
        return name;
    }

    public ContractRules contract() {
        return records.contract();
    }

    /** Whether {@link #rules()} holds for every record. */
    public boolean isUniform() {
        return uniform;
    }

    /** The rules where neither connector nor tenant is known. */
    public RecordRules rules() {
        return rules;
    }

    /** The rules of a connector and a tenant; an empty text where one is not known. */
    public RecordRules rulesOf(String connector, String tenant) {
        return uniform ? rules : records.selection().of(connector, tenant);
    }

    /** All maskers; the first is for whoever has none of its own. */
    public List<Masker> maskers() {
        return records.selection().maskers();
    }

    /** The masker of whoever has none of its own. */
    public Masker masker() {
        return maskers().getFirst();
    }

    /** Masking rules that are tried only; null where there are none. */
    public @Nullable ShadowMasking shadowMasking() {
        return records.shadow();
    }

    /** The stream of a log. */
    public Stream streamOf(ReceivedRecord log) {
        return records.routes().streamOf(log);
    }

    Routes routes() {
        return records.routes();
    }

    public CanarySettings canary() {
        return records.canary();
    }

    public StreamSettings settings(Stream stream) {
        StreamSettings settings = records.streams().get(stream);
        if (settings == null) {
            throw new IllegalStateException("no settings for " + stream);
        }
        return settings;
    }

    /** By name. */
    public Map<String, Connector> connectors() {
        return desk.connectors();
    }

    /** By name. */
    public Map<String, Tenant> tenants() {
        return desk.tenants();
    }

    /** By name. */
    public Map<String, Objective> objectives() {
        return desk.objectives();
    }

    public List<AlertRule> alerts() {
        return desk.alerts();
    }

    Own own() {
        return own;
    }

    /** The file that the pseudonyms' key is read from, which may change by itself; null where there is none. */
    public @Nullable Path keyFile() {
        return own.keyFile();
    }

    /** The first eight bytes of the hash: what every record carries. */
    public long hashPrefix() {
        return ByteBuffer.wrap(hash).getLong();
    }

    /** {@link #hashPrefix()} as 16 hex digits. */
    public String shortHash() {
        return HexFormat.of().formatHex(hash, 0, SHORT_HASH_BYTES);
    }

    @Override
    public String toString() {
        return "Policy[" + name + ", " + shortHash() + "]";
    }
}
