package dev.throughline.storage;

import dev.throughline.telemetry.Stream;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is known of damage, from the files and from what this process found: one finding a day. */
final class KnownDamage {
    private final SqliteRecordStore store;
    private final Map<String, Finding> damage = new LinkedHashMap<>();

    KnownDamage(SqliteRecordStore store) {
        this.store = store;
    }

    /** What waits for somebody to do something about it. */
    List<Finding> open() {
        for (Stream stream : Stream.values()) {
            OpenFiles<?> files = store.open(stream);
            Set<Long> present = files.present();
            for (DamagedFiles.Aside aside : files.damaged().all()) {
                if (!aside.repaired()) {
                    put(stream, aside.epochDay(), "set_aside", aside.folder().toString());
                }
            }
            for (DayLedger.Entry entry : files.ledger().all()) {
                tell(stream, entry, present.contains(entry.epochDay()), files);
            }
        }
        store.findings().all().forEach(finding -> damage.putIfAbsent(finding.name(), finding));
        return List.copyOf(damage.values());
    }

    private void tell(Stream stream, DayLedger.Entry entry, boolean present, OpenFiles<?> files) {
        long day = entry.epochDay();
        String file = files.path(day).toString();
        if (!present && (entry.records() > 0 || entry.damaged())) {
            String records = entry.damaged() ? "an unknown number of" : String.valueOf(entry.records());
            put(stream, day, "missing_file", file + ", " + records + " records");
        } else if (entry.damaged()) {
            put(stream, day, "damaged_ledger", files.ledger().file(day).toString());
        } else if (entry.lost() > entry.accepted()) {
            put(stream, day, "lost_records", file + ", " + entry.lost() + " records");
        } else if (entry.suspect()) {
            put(stream, day, "damaged_index", file + ", what it answers cannot be proved");
        }
    }

    private void put(Stream stream, long day, String code, String place) {
        Finding finding = new Finding(stream, LocalDate.ofEpochDay(day), code, place);
        if (damage.putIfAbsent(finding.name(), finding) == null) {
            store.findings().tell(finding);
        }
    }

    static long lostRecords(OpenFiles<?> files) {
        Set<Long> present = files.present();
        long inLedger = files.ledger().all().stream()
                .mapToLong(entry -> entry.lost() + (present.contains(entry.epochDay()) ? 0 : entry.records()))
                .sum();
        return inLedger
                + files.damaged().all().stream()
                        .mapToLong(aside -> aside.repaired() ? aside.entry().lost() : 0)
                        .sum();
    }
}
