package dev.throughline.storage;

import dev.throughline.telemetry.Stream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * What this process has found damaged: each place is logged once, up to {@value #LINES_A_DAY_MAX} of a day, and is known until the day is whole or gone.
 * Bounded and thread-safe.
 */
final class StoreFindings {
    private static final Logger LOG = Logger.getLogger(StoreFindings.class);
    private static final int FINDINGS_MAX = 1_000;
    private static final int LINES_A_DAY_MAX = 20;

    private final Map<String, Finding> known = new LinkedHashMap<>();
    /** Lines by day, and what they said: what was found, repaired and found again is not logged again. */
    private final Map<String, Set<String>> told = new HashMap<>();

    private long total;

    void add(Stream stream, long epochDay, String code, String place) {
        add(new Finding(stream, LocalDate.ofEpochDay(epochDay), code, place));
    }

    void add(Finding finding) {
        synchronized (this) {
            total++;
            if (known.size() < FINDINGS_MAX) {
                known.putIfAbsent(finding.toString(), finding);
            }
        }
        tell(finding);
    }

    /** Logs what is known from elsewhere. */
    void tell(Finding finding) {
        synchronized (this) {
            if (!told.containsKey(finding.name()) && told.size() >= FINDINGS_MAX) {
                return;
            }
            Set<String> lines = told.computeIfAbsent(finding.name(), _ -> new HashSet<>());
            if (lines.size() >= LINES_A_DAY_MAX || !lines.add(finding.toString())) {
                return;
            }
        }
        LOG.errorf("the store is damaged: %s", finding);
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
