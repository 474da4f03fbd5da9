package dev.throughline.policy;

/**
 * A tenant. Its overrides are part of {@link RecordRules}.
 *
 * @param region empty where not said
 * @param recordsPerSecond 0: no quota
 * @param bytesPerDay 0: no quota
 */
public record Tenant(String name, String region, int recordsPerSecond, long bytesPerDay) {}
