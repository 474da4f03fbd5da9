package dev.throughline.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.storage.FrameFixture.Event;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import dev.throughline.telemetry.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link RecordStore} does; an implementation adds a subclass that opens it. */
abstract class RecordStoreContract {
    static final String NOON = "2026-11-23T12:00:00Z";
    static final String A = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";
    static final String B = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3M";
    static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    static final Set<Stream> ALL =
            Set.of(Stream.OPERATIONAL_LOGS, Stream.OPERATIONAL_SPANS, Stream.OPERATIONAL_METRICS, Stream.AUDIT);

    @TempDir
    Path data;

    RecordStore store;

    /** Opens the store on a folder that may hold one already. */
    abstract RecordStore open(Path folder, InstantSource clock);

    @BeforeEach
    void openStore() {
        store = open(data, InstantSource.fixed(Instant.parse(NOON)));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    void reopen() {
        store.close();
        openStore();
    }

    WriteResult write(Stream stream, Event... events) {
        FrameFixture frames = new FrameFixture();
        for (Event event : events) {
            frames.add(event);
        }
        return store.write(frames.batch(stream));
    }

    static WriteResult.Written written(int written, int duplicates) {
        return new WriteResult.Written(written, duplicates, List.of());
    }

    JourneyRecords journey(String id) {
        return store.journey(new JourneyQuery(id, 1_000, 1 << 20, null));
    }

    static RecordQuery query(Map<Field, String> equal, int limit, String cursor) {
        return new RecordQuery(ALL, equal, Long.MIN_VALUE, Long.MAX_VALUE, limit, cursor);
    }

    static List<String> entities(List<StoredRecord> records) {
        return records.stream().map(r -> r.frame().text(Field.ENTITY_ID)).toList();
    }

    List<String> all(Map<Field, String> equal, int limit) {
        List<String> found = new ArrayList<>();
        String cursor = null;
        do {
            RecordPage page = store.records(query(equal, limit, cursor));
            found.addAll(entities(page.records()));
            cursor = page.nextCursor();
        } while (cursor != null);
        return found;
    }

    static Event log(long id, String correlation) {
        return Event.log(id, correlation, NOON);
    }

    @Test
    void anEmptyStoreFindsNothing() {
        assertThat(journey(A).records()).isEmpty();
        assertThat(all(Map.of(), 10)).isEmpty();
        assertThat(store.quarantine(new QuarantineQuery(null, null, null, 10, null))
                        .entries())
                .isEmpty();
        assertThat(store.counts()).extracting(StreamCount::records).containsOnly(0L);
    }

    @Test
    void aRecordComesBackByteForByte() {
        Event event = log(1, A)
                .with(Field.ENTITY_ID, "S\"O\\\n\u00e9\ud83d\ude00")
                .more(",\"message\":\"caf\u00e9 \\u00e9\"");
        FrameFixture frames = new FrameFixture().add(event);
        store.write(frames.batch(Stream.OPERATIONAL_LOGS));
        reopen();
        RecordFrame kept = journey(A).records().getFirst().frame();
        RecordFrame sent = frames.batch(Stream.OPERATIONAL_LOGS).frame(0, new RecordFrame());
        assertThat(kept.payload()).isEqualTo(sent.payload());
        assertThat(kept.idHigh()).isEqualTo(sent.idHigh());
        assertThat(kept.text(Field.ENTITY_ID)).isEqualTo("S\"O\\\n\u00e9\ud83d\ude00");
        assertThat(all(Map.of(Field.ENTITY_ID, "S\"O\\\n\u00e9\ud83d\ude00"), 10))
                .hasSize(1);
    }

    @Test
    void aRecordIsKeptOnceWhetherInOneBatchInTwoOrAfterARestart() {
        assertThat(write(Stream.OPERATIONAL_LOGS, log(1, A), log(2, A), log(1, A)))
                .isEqualTo(written(2, 1));
        assertThat(write(Stream.OPERATIONAL_LOGS, log(2, A), log(3, A))).isEqualTo(written(1, 1));
        reopen();
        assertThat(write(Stream.OPERATIONAL_LOGS, log(1, A), log(2, A), log(3, A), log(4, A)))
                .isEqualTo(written(1, 3));
        assertThat(entities(journey(A).records())).containsExactly("SO-1", "SO-2", "SO-3", "SO-4");
    }

    @Test
    void aRetryWithANewlyGeneratedCorrelationIdIsTheSameRecord() {
        write(Stream.OPERATIONAL_LOGS, log(1, A).flags(RecordFrame.GENERATED_CORRELATION));
        assertThat(write(Stream.OPERATIONAL_LOGS, log(1, B).flags(RecordFrame.GENERATED_CORRELATION)))
                .isEqualTo(written(0, 1));
        assertThat(journey(B).records()).isEmpty();
        assertThat(journey(A).records()).hasSize(1);
    }

    @Test
    void aRecordWithoutCorrelationThatIsJoinedOnRetryIsTheSameRecord() {
        write(Stream.OPERATIONAL_SPANS, log(1, "").with(Field.TRACE_ID, TRACE).signal(Signal.SPAN));
        assertThat(write(
                        Stream.OPERATIONAL_SPANS,
                        log(1, A)
                                .with(Field.TRACE_ID, TRACE)
                                .signal(Signal.SPAN)
                                .flags(RecordFrame.JOINED_CORRELATION)))
                .isEqualTo(written(0, 1));
    }

    @Test
    void aRetryJustAfterMidnightIsTheSameRecord() {
        String before = "2026-11-22T23:59:59.900Z";
        write(Stream.OPERATIONAL_LOGS, Event.log(1, A, before));
        assertThat(write(
                        Stream.OPERATIONAL_LOGS,
                        Event.log(1, A, before).received("2026-11-23T00:00:05Z"),
                        Event.log(2, A, before).received("2026-11-23T00:00:05Z")))
                .isEqualTo(written(1, 1));
        reopen();
        assertThat(write(Stream.OPERATIONAL_LOGS, Event.log(1, A, before).received("2026-11-23T00:10:00Z")))
                .isEqualTo(written(0, 1));
        assertThat(journey(A).records()).hasSize(2);
    }

    @Test
    void aBatchOverMidnightGoesToBothDays() {
        assertThat(write(
                        Stream.AUDIT,
                        Event.log(1, A, "2026-11-22T23:59:59.999Z"),
                        Event.log(2, A, "2026-11-23T00:00:00Z"),
                        Event.log(3, A, "2026-11-22T23:59:59.999Z")))
                .isEqualTo(written(3, 0));
        assertThat(store.counts())
                .filteredOn(count -> count.stream() == Stream.AUDIT)
                .extracting(StreamCount::records, StreamCount::days)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(3L, 2));
        assertThat(all(Map.of(), 10)).containsExactly("SO-2", "SO-3", "SO-1");
    }

    @Test
    void aReceivedTimeThatCannotBeIsRefusedAndTheRestIsKept() {
        assertThat(write(Stream.OPERATIONAL_LOGS, log(1, A), log(2, A).received("2199-01-01T00:00:00Z"), log(3, A)))
                .isEqualTo(new WriteResult.Written(
                        2, 0, List.of(new WriteResult.Refused(1, "received_time_out_of_range"))));
    }

    @Test
    void aJourneyHoldsAllStreamsAndSpansJoinedByTrace() {
        write(Stream.OPERATIONAL_LOGS, log(1, A).with(Field.TRACE_ID, TRACE), log(2, B));
        write(Stream.AUDIT, log(3, A));
        write(
                Stream.OPERATIONAL_SPANS,
                log(4, "").with(Field.TRACE_ID, TRACE).signal(Signal.SPAN),
                log(5, "").with(Field.TRACE_ID, TRACE.replace('4', '5')).signal(Signal.SPAN),
                log(6, A).signal(Signal.SPAN));
        quarantine(7, "acme", "schema_violation", NOON);
        JourneyRecords journey = journey(A);
        assertThat(entities(journey.records())).containsExactlyInAnyOrder("SO-1", "SO-3", "SO-4", "SO-6");
        assertThat(journey.quarantined()).hasSize(1);
        assertThat(journey.truncated()).isFalse();
    }

    @Test
    void aLongJourneyIsReadInPages() {
        Event[] events =
                LongStream.rangeClosed(1, 250).mapToObj(id -> log(id, A)).toArray(Event[]::new);
        write(Stream.OPERATIONAL_LOGS, events);
        write(Stream.OPERATIONAL_LOGS, Event.log(300, A, "2026-11-22T12:00:00Z"));
        write(Stream.AUDIT, log(400, A));
        Set<String> seen = new HashSet<>();
        String cursor = null;
        int pages = 0;
        do {
            JourneyRecords page = store.journey(new JourneyQuery(A, 70, 1 << 20, cursor));
            entities(page.records())
                    .forEach(entity -> assertThat(seen.add(entity)).isTrue());
            cursor = page.nextCursor();
            assertThat(page.truncated()).isEqualTo(cursor != null);
            pages++;
        } while (cursor != null);
        assertThat(seen).hasSize(252);
        assertThat(pages).isEqualTo(4);
    }

    @Test
    void aJourneyPageIsBoundedByBytesButNeverEmpty() {
        write(Stream.OPERATIONAL_LOGS, log(1, A), log(2, A));
        JourneyRecords page = store.journey(new JourneyQuery(A, 10, 1, null));
        assertThat(page.records()).hasSize(1);
        assertThat(page.truncated()).isTrue();
    }

    @Test
    void filtersAreExactAndCombine() {
        write(
                Stream.OPERATIONAL_LOGS,
                log(1, A).with(Field.TENANT_ID, "t1").with(Field.LEVEL, "ERROR").with(Field.ERROR_CODE, "ERP_TIMEOUT"),
                log(2, A).with(Field.TENANT_ID, "t1").with(Field.CONNECTOR, "other"),
                log(3, A).with(Field.TENANT_ID, "t2").with(Field.ENTITY_TYPE, "invoice"));
        assertThat(all(Map.of(Field.TENANT_ID, "t1"), 10)).containsExactly("SO-2", "SO-1");
        assertThat(all(Map.of(Field.TENANT_ID, "t1", Field.LEVEL, "ERROR"), 10)).containsExactly("SO-1");
        assertThat(all(Map.of(Field.ERROR_CODE, "ERP_TIMEOUT"), 10)).containsExactly("SO-1");
        assertThat(all(Map.of(Field.CONNECTOR, "other"), 10)).containsExactly("SO-2");
        assertThat(all(Map.of(Field.ENTITY_TYPE, "invoice"), 10)).containsExactly("SO-3");
        assertThat(all(Map.of(Field.ENTITY_ID, "SO-2"), 10)).containsExactly("SO-2");
        assertThat(all(Map.of(Field.ENTITY_ID, "SO-"), 10)).isEmpty();
        assertThat(all(Map.of(Field.TENANT_ID, "t2", Field.LEVEL, "ERROR"), 10)).isEmpty();
    }

    @Test
    void timeIsTheEventsOwnFromInclusiveToExclusive() {
        write(
                Stream.OPERATIONAL_LOGS,
                Event.log(1, A, "2026-11-23T10:00:00Z"),
                Event.log(2, A, "2026-11-23T11:00:00Z"),
                Event.log(3, A, "2026-11-20T11:00:00.5Z").received(NOON));
        assertThat(between("2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z")).containsExactly("SO-1");
        assertThat(between("2026-11-20T11:00:00.5Z", "2026-11-20T11:00:00.500001Z"))
                .containsExactly("SO-3");
    }

    private List<String> between(String from, String to) {
        RecordQuery query = new RecordQuery(ALL, Map.of(), micros(from), micros(to), 10, null);
        return entities(store.records(query).records());
    }

    static long micros(String time) {
        return java.time.temporal.ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
    }

    @Test
    void streamsAreMergedByTheTimeOfReceipt() {
        write(
                Stream.OPERATIONAL_LOGS,
                Event.log(1, A, "2026-11-23T10:00:00Z"),
                Event.log(4, A, "2026-11-23T10:00:03Z"));
        write(Stream.OPERATIONAL_SPANS, Event.log(2, A, "2026-11-23T10:00:01Z"));
        write(Stream.AUDIT, Event.log(3, A, "2026-11-23T10:00:02Z"), Event.log(5, A, "2026-11-22T10:00:00Z"));
        assertThat(all(Map.of(), 2)).containsExactly("SO-4", "SO-3", "SO-2", "SO-1", "SO-5");
        RecordQuery audit = new RecordQuery(Set.of(Stream.AUDIT), Map.of(), Long.MIN_VALUE, Long.MAX_VALUE, 10, null);
        assertThat(entities(store.records(audit).records())).containsExactly("SO-3", "SO-5");
    }

    @Test
    void pagesStayPutWhileRecordsArrive() {
        write(
                Stream.OPERATIONAL_LOGS,
                LongStream.rangeClosed(1, 9).mapToObj(i -> log(i, A)).toArray(Event[]::new));
        RecordPage first = store.records(query(Map.of(), 4, null));
        write(Stream.OPERATIONAL_LOGS, log(10, A), Event.log(11, A, "2026-11-24T00:00:01Z"));
        write(Stream.AUDIT, log(12, A));
        RecordPage second = store.records(query(Map.of(), 4, first.nextCursor()));
        RecordPage third = store.records(query(Map.of(), 4, second.nextCursor()));
        assertThat(entities(first.records())).containsExactly("SO-9", "SO-8", "SO-7", "SO-6");
        assertThat(entities(second.records())).containsExactly("SO-5", "SO-4", "SO-3", "SO-2");
        assertThat(entities(third.records())).containsExactly("SO-1");
        assertThat(third.nextCursor()).isNull();
    }

    @Test
    void aCursorIsGoodOnlyForTheSearchItCameFrom() {
        write(Stream.OPERATIONAL_LOGS, log(1, A), log(2, A));
        String cursor = store.records(query(Map.of(), 1, null)).nextCursor();
        for (String wrong : List.of("", "x", "AAAA", cursor + "A", "!" + cursor.substring(1))) {
            assertThatThrownBy(() -> store.records(query(Map.of(), 1, wrong)))
                    .isInstanceOf(InvalidCursorException.class);
        }
        assertThatThrownBy(() -> store.records(query(Map.of(Field.TENANT_ID, "x"), 1, cursor)))
                .isInstanceOf(InvalidCursorException.class);
        assertThatThrownBy(() -> store.journey(new JourneyQuery(A, 1, 1, cursor)))
                .isInstanceOf(InvalidCursorException.class);
        assertThatThrownBy(() -> store.quarantine(new QuarantineQuery(null, null, null, 1, cursor)))
                .isInstanceOf(InvalidCursorException.class);
    }

    @Test
    void aDayIsDeletedWithAllThatIsKeptOfIt() {
        for (int day = 20; day <= 23; day++) {
            write(Stream.AUDIT, Event.log(day, A, "2026-11-" + day + "T10:00:00Z"));
        }
        quarantine(1, "c", "x", "2026-11-20T10:00:00Z");
        assertThat(store.days(Stream.AUDIT))
                .extracting(StoredDay::day)
                .containsExactly(
                        LocalDate.parse("2026-11-23"),
                        LocalDate.parse("2026-11-22"),
                        LocalDate.parse("2026-11-21"),
                        LocalDate.parse("2026-11-20"));
        assertThat(store.days(Stream.AUDIT)).extracting(StoredDay::records).containsOnly(1L);
        assertThat(store.days(Stream.QUARANTINE)).hasSize(1);
        assertThat(store.days(Stream.OPERATIONAL_LOGS)).isEmpty();
        store.delete(Stream.AUDIT, LocalDate.parse("2026-11-20"));
        store.delete(Stream.AUDIT, LocalDate.parse("2026-11-21"));
        store.delete(Stream.QUARANTINE, LocalDate.parse("2026-11-20"));
        assertThat(store.days(Stream.AUDIT)).hasSize(2);
        assertThat(store.days(Stream.QUARANTINE)).isEmpty();
        assertThat(all(Map.of(), 10)).containsExactly("SO-23", "SO-22");
        assertThat(write(Stream.AUDIT, Event.log(20, A, "2026-11-20T10:00:00Z")))
                .isEqualTo(written(1, 0));
    }

    WriteResult quarantine(long id, String connector, String code, String received) {
        Event event =
                log(id, A).received(received).signal(Signal.QUARANTINE_ENTRY).without(Field.TIMESTAMP);
        event.with(Field.CONNECTOR, connector).more(",\"code\":\"" + code + "\",\"pointer\":\"/attempt\"");
        return write(Stream.QUARANTINE, event);
    }

    @Test
    void aQuarantineEntryCountsItsOccurrencesButNotItsRedeliveries() {
        quarantine(1, "c1", "missing", "2026-11-23T10:00:00Z");
        assertThat(quarantine(1, "c1", "missing", "2026-11-23T10:00:00Z")).isEqualTo(written(0, 1));
        assertThat(quarantine(1, "c1", "missing", "2026-11-23T10:00:05Z")).isEqualTo(written(1, 0));
        assertThat(quarantine(1, "c1", "missing", "2026-11-23T10:00:04Z")).isEqualTo(written(0, 1));
        QuarantinedRecord entry =
                entries(new QuarantineQuery(null, null, null, 10, null)).getFirst();
        assertThat(entry.count()).isEqualTo(2);
        assertThat(entry.firstSeenMillis())
                .isEqualTo(Instant.parse("2026-11-23T10:00:00Z").toEpochMilli());
        assertThat(entry.lastSeenMillis())
                .isEqualTo(Instant.parse("2026-11-23T10:00:05Z").toEpochMilli());
        assertThat(new String(entry.frame().payload(), StandardCharsets.UTF_8)).contains("\"code\":\"missing\"");
    }

    @Test
    void aQuarantineEntryKeepsItsPastOverMidnight() {
        quarantine(1, "c1", "missing", "2026-11-21T10:00:00Z");
        quarantine(1, "c1", "missing", "2026-11-23T10:00:00Z");
        quarantine(1, "c1", "missing", "2026-11-23T10:00:00Z");
        reopen();
        List<QuarantinedRecord> entries = entries(new QuarantineQuery(null, null, null, 10, null));
        assertThat(entries).hasSize(1);
        assertThat(entries.getFirst().count()).isEqualTo(2);
        assertThat(entries.getFirst().firstSeenMillis())
                .isEqualTo(Instant.parse("2026-11-21T10:00:00Z").toEpochMilli());
        assertThat(journey(A).quarantined()).hasSize(1);
    }

    private List<QuarantinedRecord> entries(QuarantineQuery query) {
        List<QuarantinedRecord> found = new ArrayList<>();
        QuarantineQuery next = query;
        while (true) {
            QuarantinePage page = store.quarantine(next);
            found.addAll(page.entries());
            if (page.nextCursor() == null) {
                return found;
            }
            next = new QuarantineQuery(
                    query.connector(), query.tenant(), query.code(), query.limit(), page.nextCursor());
        }
    }

    @Test
    void theQuarantineIsListedLastSeenFirstInPages() {
        for (int i = 1; i <= 7; i++) {
            quarantine(
                    i, i % 2 == 0 ? "even" : "odd", "code_" + i % 3, "2026-11-2" + (i % 3 + 1) + "T10:00:0" + i + "Z");
        }
        assertThat(entries(new QuarantineQuery(null, null, null, 2, null)).stream()
                        .map(e -> e.frame().text(Field.ENTITY_ID)))
                .containsExactly("SO-5", "SO-2", "SO-7", "SO-4", "SO-1", "SO-6", "SO-3");
        assertThat(entries(new QuarantineQuery("even", null, null, 1, null))).hasSize(3);
        assertThat(entries(new QuarantineQuery("odd", "acme_eu_01", "code_1", 10, null)))
                .hasSize(2);
        assertThat(entries(new QuarantineQuery(null, "nobody", null, 10, null))).isEmpty();
    }

    @Test
    void anEntryThatIsNoObjectIsRefusedAlone() {
        FrameFixture frames = new FrameFixture();
        frames.document(log(1, A).signal(Signal.QUARANTINE_ENTRY), "{\"code\":\"x\"}");
        frames.document(log(2, A).signal(Signal.QUARANTINE_ENTRY), "[1");
        assertThat(store.write(frames.batch(Stream.QUARANTINE)))
                .isEqualTo(new WriteResult.Written(1, 0, List.of(new WriteResult.Refused(1, "entry_malformed"))));
    }

    @Test
    void afterCloseAWriteIsToBeTriedElsewhereOrLater() {
        store.close();
        assertThat(write(Stream.OPERATIONAL_LOGS, log(1, A)))
                .isInstanceOfSatisfying(
                        WriteResult.Unavailable.class,
                        later -> assertThat(later.code()).isEqualTo("store_closed"));
    }

    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one == null ? LongStream.range(0, seedCount()) : LongStream.of(one);
    }

    static int seedCount() {
        return 200;
    }

    /** Random batches with duplicates, retries and restarts, against a map. */
    @ParameterizedTest
    @MethodSource("seeds")
    void itKeepsWhatAMapKeeps(long seed) throws IOException {
        store.close();
        data = Files.createTempDirectory(memory(), "store");
        openStore();
        try {
            keepsWhatAMapKeeps(seed);
        } finally {
            store.close();
            try (var files = Files.walk(data)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    /** Where a flush costs nothing, if there is such a place: this test is not about the disk. */
    private Path memory() {
        Path memory = Path.of("/dev/shm");
        return Files.isDirectory(memory) && Files.isWritable(memory) ? memory : data;
    }

    private void keepsWhatAMapKeeps(long seed) {
        Random random = new Random(seed);
        Map<Long, Event> kept = new LinkedHashMap<>();
        Map<String, Set<String>> journeys = new TreeMap<>();
        List<Event> sent = new ArrayList<>();
        for (int batch = 0; batch < 6; batch++) {
            FrameFixture frames = new FrameFixture();
            int fresh = 0;
            int size = 1 + random.nextInt(60);
            for (int i = 0; i < size; i++) {
                Event event = random.nextInt(4) == 0 && !sent.isEmpty()
                        ? sent.get(random.nextInt(sent.size()))
                        : event(random, sent.size() + 1);
                sent.add(event);
                frames.add(event);
                if (kept.putIfAbsent(event.idLow, event) == null) {
                    fresh++;
                    journeys.computeIfAbsent(event.fields.get(Field.CORRELATION_ID), id -> new TreeSet<>())
                            .add(event.fields.get(Field.ENTITY_ID));
                }
            }
            assertThat(store.write(frames.batch(Stream.OPERATIONAL_LOGS))).isEqualTo(written(fresh, size - fresh));
            if (random.nextInt(3) == 0) {
                reopen();
            }
        }
        journeys.forEach((id, entities) ->
                assertThat(entities(journey(id).records())).containsExactlyInAnyOrderElementsOf(entities));
        String tenant = "t" + random.nextInt(4);
        assertThat(all(Map.of(Field.TENANT_ID, tenant), 1 + random.nextInt(50)))
                .containsExactlyInAnyOrderElementsOf(kept.values().stream()
                        .filter(event -> tenant.equals(event.fields.get(Field.TENANT_ID)))
                        .map(event -> event.fields.get(Field.ENTITY_ID))
                        .toList());
    }

    private static Event event(Random random, long id) {
        long millis = Instant.parse(NOON).toEpochMilli() + random.nextInt(4) * 900_000L;
        String correlation = FrameFixture.correlation(
                random.nextBoolean() ? millis : random.nextInt(4) * 977_777_777_777L, random.nextInt(5));
        Event event = Event.log(id, correlation, Instant.ofEpochMilli(millis).toString())
                .with(Field.TENANT_ID, "t" + random.nextInt(4));
        return random.nextInt(5) == 0 ? event.flags(RecordFrame.GENERATED_CORRELATION) : event;
    }
}
