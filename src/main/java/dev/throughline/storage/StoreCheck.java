package dev.throughline.storage;

import dev.throughline.telemetry.Stream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads all of a store that no program has open, and says what is damaged. Nothing that is kept is changed; log files that a killed
 * program left are taken in, as at its next start.
 */
public final class StoreCheck {
    private final SqliteRecordStore store;

    public StoreCheck(SqliteRecordStore store) {
        this.store = store;
    }

    /**
     * What was found.
     *
     * @param days that were looked at
     * @param records that are there, as far as is known
     */
    public record Report(List<Finding> findings, int days, long records) {}

    public Report run() throws InterruptedException {
        // Before a file is opened, which makes a damaged entry anew from what the file has.
        List<Finding> findings = new ArrayList<>(store.damage());
        findings.removeIf(finding -> !finding.code().equals("damaged_ledger"));
        StoreVerification verification = new StoreVerification(store, Pace.NONE);
        int days = 0;
        long records = 0;
        for (Stream stream : Stream.values()) {
            for (long day : store.open(stream).knownDays()) {
                findings.addAll(verification.day(stream, day));
                DayLedger.Entry entry = store.open(stream).ledger().get(day);
                records += entry == null ? 0 : entry.records();
                days++;
            }
        }
        for (Finding known : store.damage()) {
            if (findings.stream().noneMatch(finding -> finding.name().equals(known.name()))) {
                findings.add(known);
            }
        }
        return new Report(findings, days, records);
    }
}
