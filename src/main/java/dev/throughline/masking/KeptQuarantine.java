package dev.throughline.masking;

import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.RecordFrame;

/** Quarantine entries for records that are masked already and that a destination can never take. Not thread-safe. */
public final class KeptQuarantine {
    private final QuarantineEntry entry;

    public KeptQuarantine(Masker masker) {
        entry = new QuarantineEntry(masker.session());
    }

    /** Writes an entry that holds the record; its id is that of the record, its time that of its receipt. */
    public void append(MaskedRecords target, RecordFrame kept, String reason, String code) {
        MaskedRecords.Stamp stamp = new MaskedRecords.Stamp(kept.receivedMillis(), kept.policyHash());
        entry.append(
                target,
                QuarantineReason.of(reason, code),
                kept.signal(),
                null,
                kept,
                stamp,
                kept.idHigh(),
                kept.idLow());
    }
}
