package dev.throughline.policy;

import dev.throughline.masking.Masker;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.Stream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;

/**
 * A policy, compiled: everything that contract, masking and streams ask while records flow. Immutable and thread-safe; a request
 * sees one from start to end.
 */
public final class Policy {
    private static final int SHORT_HASH_BYTES = 8;

    private final String name;
    private final byte[] hash;
    private final ContractRules contract;
    private final Masker masker;
    private final Routes routes;
    private final Map<Stream, StreamSettings> streams;

    /** @param hash SHA-256 of the documents it was made from */
    Policy(
            String name,
            byte[] hash,
            ContractRules contract,
            Masker masker,
            Routes routes,
            Map<Stream, StreamSettings> streams) {
        this.name = name;
        this.hash = hash.clone();
        this.contract = contract;
        this.masker = masker;
        this.routes = routes;
        this.streams = Map.copyOf(streams);
    }

    public String name() {
        return name;
    }

    public ContractRules contract() {
        return contract;
    }

    public Masker masker() {
        return masker;
    }

    /** The stream of a log. */
    public Stream streamOf(ReceivedRecord log) {
        return routes.streamOf(log);
    }

    public StreamSettings settings(Stream stream) {
        StreamSettings settings = streams.get(stream);
        if (settings == null) {
            throw new IllegalStateException("no settings for " + stream);
        }
        return settings;
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
