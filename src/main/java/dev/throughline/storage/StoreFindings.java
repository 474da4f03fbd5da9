package dev.throughline.storage;

import dev.throughline.telemetry.Stream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * What this process has found damaged, one finding a day and code: the first is logged, further ones are counted. Bounded and
 * thread-safe.
 */
final class StoreFindings {
    private static final Logger LOG = Logger.getLogger(StoreFindings.class);
    private static final int FINDINGS_MAX = 1_000;

    private final Map<String, Finding> known = new LinkedHashMap<>();
    private long total;

    void add(Stream stream, long epochDay, String code, String place) {
        add(new Finding(stream, LocalDate.ofEpochDay(epochDay), code, place));
    }

    void add(Finding finding) {
        synchronized (this) {
            total++;
            if (known.size() >= FINDINGS_MAX || known.putIfAbsent(key(finding), finding) != null) {
                return;
            }
        }
        LOG.errorf("the store is damaged: %s", finding);
    }

    private static String key(Finding finding) {
        return finding.name() + " " + finding.code();
    }

    /** Forgets what was found in a day: its file is whole after all, or gone. */
    synchronized void clear(Stream stream, long epochDay) {
        String name = stream.label() + "/" + LocalDate.ofEpochDay(epochDay);
        known.values().removeIf(finding -> finding.name().equals(name));
    }

    synchronized List<Finding> all() {
        return new ArrayList<>(known.values());
    }

    synchronized long total() {
        return total;
    }
}
