package dev.throughline.spool;

import dev.throughline.spool.RecoveryReport.Damage;
import dev.throughline.spool.RecoveryReport.Kind;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The damage of one stream: whatever recovery or a reader passes over is kept aside, counted once and told in the log, all before
 * a cursor moves behind it. Thread-safe.
 */
final class StreamDamage {
    private static final Logger LOG = Logger.getLogger(StreamDamage.class);
    private static final int LINES_MAX = 20;

    private final Stream stream;
    private final DamageLedger ledger;
    private final DamagedFiles files;
    private final LineLimit lines = new LineLimit(LINES_MAX);
    /** Where recovery collects what it meets; null after it. */
    private @Nullable Consumer<Damage> collector;

    private volatile long records;
    private volatile long bytes;

    StreamDamage(Stream stream, Path directory, Disk disk, DamagedFiles files) {
        this.stream = stream;
        this.ledger = new DamageLedger(disk, directory);
        this.files = files;
    }

    /** Reads what was counted before; false where that cannot be read any more. */
    synchronized boolean load(Consumer<Damage> findings) throws IOException {
        boolean whole = ledger.load();
        collector = findings;
        publish();
        return whole;
    }

    synchronized void recovered() {
        collector = null;
    }

    /** Records lost to damage, ever. */
    long records() {
        return records;
    }

    /** Bytes damaged, ever. */
    long bytes() {
        return bytes;
    }

    /**
     * Takes down what was passed over, durably.
     *
     * @throws IOException where it cannot be: it must not be passed over then
     */
    synchronized void passedOver(List<PassedOver> places) throws IOException {
        for (PassedOver place : places) {
            passedOver(place);
        }
        try {
            ledger.write();
        } catch (Disk.FullException e) {
            LOG.errorf("damage is counted in memory only: stream=%s, the disk is full", stream.label());
        }
    }

    private void passedOver(PassedOver place) throws IOException {
        long base = place.segment().base;
        long kept = -1;
        boolean known = ledger.knows(base, place.from(), place.to());
        boolean gap = place.from() == place.to();
        if (!known || (gap && !ledger.knowsLost(place.lostFrom(), place.lostTo()))) {
            kept = files.keep(stream, place);
        }
        ledger.damage(base, place.from(), place.to());
        long lost = ledger.lose(place.lostFrom(), place.lostTo());
        publish();
        if (kept >= 0 || lost > 0) {
            tell(place, lost, Math.max(0, kept));
        }
        Consumer<Damage> findings = collector;
        if (findings != null) {
            findings.accept(new Damage(
                    stream,
                    place.segment().fileName(),
                    place.kind(),
                    place.from(),
                    place.to() - place.from(),
                    place.records()));
        }
    }

    private void tell(PassedOver place, long lost, long kept) {
        String suffix = lines.suffix();
        if (suffix != null) {
            LOG.errorf(
                    "damage passed over: stream=%s file=%s offset=%d bytes=%d kind=%s records_lost=%d bytes_kept_aside=%d%s",
                    stream.label(),
                    place.segment().fileName(),
                    place.from(),
                    place.to() - place.from(),
                    place.kind(),
                    lost,
                    kept,
                    suffix);
        }
    }

    /** Records that are not there, before the first segment or behind what a cut file has; a cursor goes on behind them. */
    synchronized void missing(Segment next, long from, long to) throws IOException {
        long at = Layout.FILE_HEADER_BYTES;
        passedOver(List.of(new PassedOver(next, Kind.MISSING, at, at, from, to)));
    }

    /** Moves a file away that is not what its name says; of a link, the link. */
    synchronized void setAside(Path file, Kind kind, String why) throws IOException {
        long length = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .size();
        String name = files.move(stream, file);
        found(file, kind, length, "set aside", why + "; it is damaged/" + name + " now");
    }

    /** Takes down what is wrong with a file that stays, or is gone, and what follows from it. */
    synchronized void found(Path file, Kind kind, String what) {
        found(file, kind, 0, "damaged", what);
    }

    private void found(Path file, Kind kind, long length, String word, String what) {
        String suffix = lines.suffix();
        if (suffix != null) {
            LOG.errorf("%s: stream=%s file=%s %s%s", word, stream.label(), file.getFileName(), what, suffix);
        }
        Consumer<Damage> findings = collector;
        if (findings != null) {
            findings.accept(new Damage(stream, String.valueOf(file.getFileName()), kind, 0, length, 0));
        }
    }

    /** No cursor and no segment is before this sequence any more. */
    synchronized void settle(long below) {
        ledger.settle(below);
        try {
            ledger.write();
        } catch (IOException e) {
            LOG.warnf("damage ledger not written: stream=%s", stream.label());
        }
    }

    private void publish() {
        records = ledger.records();
        bytes = ledger.bytes();
    }
}
