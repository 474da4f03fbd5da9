package dev.throughline.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sqlite.SQLiteDataSource;

/** Keys in memory, keys in chunks and the filter before them. */
class KeyIndexTest {
    private record Pair(long key, long id) {}

    static LongStream seeds() {
        return RecordStoreContract.seeds();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void mergedChunksAnswerLikeAMap(long seed) throws SQLException {
        Random random = new Random(seed);
        int range = 1 << random.nextInt(20);
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite::memory:");
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(KeyChunks.CREATE);
            statement.execute(DayFile.PROGRESS);
            statement.execute(DayFile.PROGRESS_START);
            KeyChunks chunks = new KeyChunks(connection, true);
            TreeMap<Long, Set<Integer>> map = new TreeMap<>();
            Set<Pair> pairs = new HashSet<>();
            int sequence = 0;
            for (int merge = 0; merge < 3; merge++) {
                RecentKeys recent = new RecentKeys();
                int count = 1 + random.nextInt(3_000);
                for (int i = 0; i < count; i++) {
                    long key = random.nextInt(range) - range / 2L;
                    Pair pair = new Pair(key, random.nextLong());
                    recent.add(pair.key(), pair.id(), ++sequence);
                    pairs.add(pair);
                    map.computeIfAbsent(key, k -> new TreeSet<>()).add(sequence);
                    assertThat(recent.contains(pair.key(), pair.id())).isTrue();
                }
                recent.commit();
                chunks.merge(recent.sorted());
            }
            for (Pair pair : pairs.stream().limit(200).toList()) {
                assertThat(chunks.contains(pair.key(), pair.id())).isTrue();
                assertThat(chunks.contains(pair.key(), pair.id() + 1)).isFalse();
            }
            for (int i = 0; i < 100; i++) {
                long key = random.nextInt(range) - range / 2L;
                Set<Integer> found = new TreeSet<>();
                chunks.forEach(key, found::add);
                assertThat(found).isEqualTo(map.getOrDefault(key, Set.of()));
            }
            Set<Long> ids = new HashSet<>();
            chunks.forEachId(ids::add);
            assertThat(ids).hasSize(pairs.size());
        }
    }

    @Test
    void readersDoNotSeeWhatIsNotCommittedAndRollbackForgetsIt() {
        RecentKeys recent = new RecentKeys();
        recent.add(1, 10, 100);
        recent.commit();
        recent.add(1, 11, 101);
        Set<Integer> seen = new TreeSet<>();
        recent.forEach(1, seen::add);
        assertThat(seen).containsExactly(100);
        assertThat(recent.contains(1, 11)).isTrue();
        recent.rollback();
        assertThat(recent.contains(1, 11)).isFalse();
        assertThat(recent.contains(1, 10)).isTrue();
        assertThat(recent.size()).isEqualTo(1);
    }

    @Test
    void theFilterNeverForgetsAndSeldomErrs() {
        IdFilter filter = new IdFilter(1 << 20);
        Random random = new Random(7);
        long[] known = random.longs(200_000).toArray();
        for (long id : known) {
            filter.add(id);
        }
        for (long id : known) {
            assertThat(filter.mayContain(id)).isTrue();
        }
        long errors = random.longs(100_000).filter(filter::mayContain).count();
        assertThat(errors).isLessThan(200);
    }

    @Test
    void theFilterStopsGrowingAtItsBound() {
        IdFilter filter = new IdFilter(1 << 19);
        Random random = new Random(7);
        random.longs(1 << 21).forEach(filter::add);
        assertThat(filter.bytes()).isLessThanOrEqualTo((1 << 19) * 20 / 8);
    }

    @Test
    void keysOfNeighbouringTimesAreNeighbours() {
        String first = FrameFixture.correlation(1_700_000_000_000L, 1);
        String second = FrameFixture.correlation(1_700_000_000_001L, 2);
        assertThat(key(first) >>> 32).isEqualTo(key(second) >>> 32);
        assertThat(key(first)).isNotEqualTo(key(second));
    }

    private static long key(String correlation) {
        byte[] text = correlation.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return RecordKeys.correlation(text, 0, text.length);
    }
}
