package dev.throughline.spool;

import dev.throughline.spool.RecoveryReport.CursorMove;
import dev.throughline.spool.RecoveryReport.Damage;
import dev.throughline.spool.RecoveryReport.Kind;
import dev.throughline.telemetry.Stream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects what the {@link RecoveryReport} will say; bounded. */
final class RecoveryFindings {
    private final List<Damage> damages = new ArrayList<>();
    private final List<CursorMove> moves = new ArrayList<>();
    private final Map<Kind, Long> byKind = new EnumMap<>(Kind.class);
    private long damagesInAll;
    private long tornBytes;

    void damage(Damage damage) {
        damagesInAll++;
        byKind.merge(damage.kind(), 1L, Long::sum);
        if (damages.size() < RecoveryReport.DAMAGES_LISTED_MAX) {
            damages.add(damage);
        }
    }

    private void damage(Stream stream, String file, Kind kind, long offset, long bytes, long recordsLost) {
        damage(new Damage(stream, file, kind, offset, bytes, recordsLost));
    }

    long count() {
        return damagesInAll;
    }

    /** A segment is not whole, of which every cursor has all. */
    void delivered(Stream stream, String file) {
        damage(stream, file, Kind.MISSING, 0, 0, 0);
    }

    /** Cut off, and a damage of its own already. */
    void cut(long bytes) {
        tornBytes += bytes;
    }

    void torn(Stream stream, String file, long offset, long bytes) {
        tornBytes += bytes;
        damage(stream, file, Kind.TORN_TAIL, offset, bytes, 0);
    }

    void incomplete(Stream stream, String file, long offset, long bytes) {
        tornBytes += bytes;
        damage(stream, file, Kind.INCOMPLETE_GROUP, offset, bytes, 0);
    }

    void moved(Stream stream, String exporter, SpoolPosition from, SpoolPosition to) {
        moves.add(new CursorMove(stream, exporter, from, to));
    }

    RecoveryReport report(Collection<StreamLog> logs) {
        int segments = 0;
        long bytes = 0;
        long records = 0;
        for (StreamLog log : logs) {
            segments += log.segments.size();
            bytes += log.diskBytes();
            records += log.nextSequence() - log.segments.firstKey();
        }
        return new RecoveryReport(
                segments,
                bytes,
                records,
                tornBytes,
                List.copyOf(damages),
                damagesInAll,
                Map.copyOf(byKind),
                List.copyOf(moves));
    }
}
