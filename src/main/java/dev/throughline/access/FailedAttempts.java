package dev.throughline.access;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Who failed to authenticate lately: what is logged of it, and how long a wrong token's answer is held back. A source is an IPv4 address
 * or the /64 of an IPv6 address. Of {@value #SOURCES_MAX} sources the least recent is forgotten first. Only what fails comes
 * here; a request with the right token never does. A line also names its source by a keyed hash, as public addresses are masked in the
 * log. Thread-safe.
 */
final class FailedAttempts {
    static final int SOURCES_MAX = 1024;
    static final long INTERVAL_SECONDS = 60;
    /** Lines an interval about single sources; what is over it is told in one line. */
    static final int LINES_MAX = 20;

    private static final int FREE = 3;
    private static final long DELAY_FIRST_MS = 50;
    static final long DELAY_MAX_MS = 2_000;
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(INTERVAL_SECONDS);

    private final MeterRegistry registry;
    private final LongSupplier nanos;
    private final byte[] key;
    private final Map<String, Source> sources = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Source> eldest) {
            if (size() <= SOURCES_MAX) {
                return false;
            }
            untold += eldest.getValue().untold;
            return true;
        }
    };
    /** Of sources that have no line of their own. */
    private long untold;

    private int lines;

    private static final class Source {
        int wrong;
        long lastNanos;
        long untold;
        boolean told;
    }

    /** @param key of the names of sources, of this process alone */
    FailedAttempts(MeterRegistry registry, LongSupplier nanos, byte[] key) {
        this.registry = registry;
        this.nanos = nanos;
        this.key = key.clone();
    }

    /** What is to be logged now, empty if nothing, and how long to hold the answer back. */
    record Reaction(String line, long delayMillis) {}

    /** @param wrong a token that is not ours, rather than none */
    Reaction failed(String address, String port, boolean wrong) {
        registry.counter("throughline_failed_authentications", "port", port, "reason", wrong ? "wrong" : "missing")
                .increment();
        String source = source(address);
        synchronized (sources) {
            long now = nanos.getAsLong();
            Source seen = sources.computeIfAbsent(source, _ -> new Source());
            if (now - seen.lastNanos > INTERVAL_NANOS) {
                seen.wrong = 0;
            }
            seen.lastNanos = now;
            seen.wrong += wrong && seen.wrong < Integer.MAX_VALUE ? 1 : 0;
            return new Reaction(line(seen, source, port, wrong), wrong ? delay(seen.wrong) : 0);
        }
    }

    private String line(Source seen, String source, String port, boolean wrong) {
        if (seen.told || lines >= LINES_MAX) {
            seen.untold++;
            return "";
        }
        seen.told = true;
        lines++;
        return "authentication failed: " + (wrong ? "a wrong token" : "no token") + " from " + named(source)
                + " on port " + port;
    }

    private static long delay(int wrong) {
        int doubled = Math.min(wrong - FREE - 1, 16);
        return doubled < 0 ? 0 : Math.min(DELAY_FIRST_MS << doubled, DELAY_MAX_MS);
    }

    /** Lines about what an interval had after its first; starts the next one. */
    List<String> interval() {
        synchronized (sources) {
            List<String> told = new ArrayList<>();
            long others = untold;
            for (Map.Entry<String, Source> entry : sources.entrySet()) {
                Source source = entry.getValue();
                if (source.untold > 0 && told.size() < LINES_MAX) {
                    told.add(more(source.untold, named(entry.getKey())));
                } else {
                    others += source.untold;
                }
                source.untold = 0;
                source.told = false;
            }
            long now = nanos.getAsLong();
            sources.values().removeIf(source -> now - source.lastNanos > INTERVAL_NANOS);
            if (others > 0) {
                told.add(more(others, "other sources"));
            }
            untold = 0;
            lines = 0;
            return told;
        }
    }

    private static String more(long count, String source) {
        return "authentication failed " + count + " more times from " + source + " within " + INTERVAL_SECONDS + " s";
    }

    private String named(String source) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(key);
            byte[] hash = digest.digest(source.getBytes(StandardCharsets.US_ASCII));
            return source + " (source " + HexFormat.of().formatHex(hash, 0, 4) + ")";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    int size() {
        synchronized (sources) {
            return sources.size();
        }
    }

    /** Four groups of an IPv6 address are one network, which is one customer's. */
    private static String source(String address) {
        int groups = 0;
        for (int at = 0; at < address.length(); at++) {
            if (address.charAt(at) == ':' && ++groups == 4) {
                return address.substring(0, at) + "::/64";
            }
        }
        return address;
    }
}
