package dev.throughline.storage;

import dev.throughline.storage.OpenFiles.Lease;
import dev.throughline.telemetry.Stream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One page of a search: the streams' day files walked from their ends, merged by the time of receipt. */
final class RecordSearch {
    /** Frames of one page; a page has at least one record. */
    private static final long PAGE_BYTES_MAX = 4L << 20;

    private final SqliteRecordStore store;
    private final RecordQuery query;
    private final ScanBudget budget;
    private final UnreadableFiles unreadable;

    RecordSearch(SqliteRecordStore store, RecordQuery query) {
        this.store = store;
        this.query = query;
        this.budget = new ScanBudget(store.config().scanBlocksMax());
        this.unreadable = new UnreadableFiles(store);
    }

    RecordPage run() {
        List<StreamWalk> walks = new ArrayList<>();
        try {
            long[] from = positions();
            int at = 0;
            for (Stream stream : query.streams().stream().sorted().toList()) {
                walks.add(new StreamWalk(stream, from[at], from[at + 1]));
                at += 2;
            }
            List<StoredRecord> found = new ArrayList<>();
            long bytes = 0;
            while (found.size() < query.limit() && bytes < PAGE_BYTES_MAX && advance(walks)) {
                StoredRecord taken = newest(walks).take();
                bytes += taken.frame().length();
                found.add(taken);
            }
            query.streams().forEach(stream -> unreadable.noteIncomplete(stream, store.files(stream)));
            return new RecordPage(List.copyOf(found), cursor(walks), unreadable.names());
        } finally {
            walks.forEach(StreamWalk::close);
        }
    }

    /** Conditions that a cursor belongs to. */
    private String conditions() {
        StringBuilder text =
                new StringBuilder().append(query.fromMicros()).append('/').append(query.toMicros());
        query.streams().stream().sorted().forEach(stream -> text.append('/').append(stream.label()));
        query.equal().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e ->
                        text.append('/').append(e.getKey().key()).append('=').append(e.getValue()));
        return text.toString();
    }

    private long[] positions() {
        int streams = query.streams().size();
        String cursor = query.cursor();
        if (cursor != null) {
            return Cursors.decode(cursor, conditions(), 2 * streams);
        }
        long[] start = new long[2 * streams];
        Arrays.fill(start, Long.MAX_VALUE);
        return start;
    }

    /** Lets every walk stand at its next match; false where none has one or the budget ended before that was known. */
    private boolean advance(List<StreamWalk> walks) {
        boolean any = false;
        for (StreamWalk walk : walks) {
            walk.advance();
            if (!walk.isDone() && walk.peek() == null) {
                return false;
            }
            any |= walk.peek() != null;
        }
        return any;
    }

    private static StreamWalk newest(List<StreamWalk> walks) {
        StreamWalk newest = null;
        for (StreamWalk walk : walks) {
            StoredRecord head = walk.peek();
            if (head != null && (newest == null || head.frame().receivedMillis() > newest.receivedMillis())) {
                newest = walk;
            }
        }
        if (newest == null) {
            throw new IllegalStateException("no walk has a match");
        }
        return newest;
    }

    private @Nullable String cursor(List<StreamWalk> walks) {
        if (walks.stream().allMatch(walk -> walk.isDone() && walk.peek() == null)) {
            return null;
        }
        long[] position = new long[2 * walks.size()];
        for (int i = 0; i < walks.size(); i++) {
            position[2 * i] = walks.get(i).day();
            position[2 * i + 1] = walks.get(i).below();
        }
        return Cursors.encode(conditions(), position);
    }

    /** One stream, from a position down: what is at or above (day, below) has been given out or does not match. */
    private final class StreamWalk implements AutoCloseable {
        private final Stream stream;
        private final OpenFiles<DayFile> files;
        private final List<Long> days;
        private int dayIndex;
        private long day;
        private long below;
        private @Nullable Lease<DayFile> lease;
        private @Nullable DayScan scan;
        private @Nullable StoredRecord head;
        private boolean done;

        StreamWalk(Stream stream, long fromDay, long fromBelow) {
            this.stream = stream;
            this.files = store.files(stream);
            this.days = files.days().stream().filter(d -> d <= fromDay).toList();
            this.day = fromDay;
            this.below = fromBelow;
        }

        boolean isDone() {
            return done;
        }

        long day() {
            return day;
        }

        long below() {
            return below;
        }

        @Nullable
        StoredRecord peek() {
            return head;
        }

        long receivedMillis() {
            StoredRecord current = head;
            return current == null ? Long.MIN_VALUE : current.frame().receivedMillis();
        }

        StoredRecord take() {
            StoredRecord taken = head;
            DayScan current = scan;
            if (taken == null || current == null) {
                throw new IllegalStateException("no match");
            }
            head = null;
            below = current.below();
            return taken;
        }

        /** Also without budget the newest file is opened, so that the position excludes what arrives later. */
        void advance() {
            while (head == null && !done) {
                if (dayIndex >= days.size()) {
                    done = true;
                    day = Long.MIN_VALUE;
                    return;
                }
                long current = days.get(dayIndex);
                if (current != day) {
                    day = current;
                    below = Long.MAX_VALUE;
                }
                unreadable.orNoted(stream, current, this::step);
                if (head == null) {
                    if (budget.isSpent()) {
                        return;
                    }
                    close();
                    dayIndex++;
                }
            }
        }

        private void step() throws SQLException {
            DayScan current = scan;
            if (current == null) {
                Lease<DayFile> opened = files.existing(day);
                if (opened == null) {
                    return;
                }
                lease = opened;
                below = Math.min(below, opened.file().last() + 1L);
                current = opened.file().scan(query, (int) below);
                scan = current;
            }
            head = current.next(budget);
            StoreUnavailableException damage = current.damage();
            if (damage != null) {
                unreadable.note(stream, day, damage);
            }
            if (head == null) {
                below = current.below();
            }
        }

        @Override
        public void close() {
            DayScan scanned = scan;
            Lease<DayFile> leased = lease;
            scan = null;
            lease = null;
            try {
                if (scanned != null) {
                    scanned.close();
                }
            } catch (SQLException ignored) {
                // A statement that was only read from.
            } finally {
                if (leased != null) {
                    leased.close();
                }
            }
        }
    }
}
