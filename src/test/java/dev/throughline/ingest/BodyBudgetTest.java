package dev.throughline.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.ingest.BodyBounds.PoolBounds;
import dev.throughline.ingest.BodyBudget.Grant;
import dev.throughline.ingest.BodyBudget.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BodyBudgetTest {
    /** What counts as coming on. */
    private static final int PROGRESS = 16 << 10;
    /** 300 for small bodies, of which 75 are for audit; 400 for medium ones, 600 for large ones. */
    private static final BodyBounds BOUNDS = new BodyBounds(
            new PoolBounds(300, 75, 150, 100),
            new PoolBounds(400, 100, 200, 200),
            new PoolBounds(600, 0, 600, Integer.MAX_VALUE),
            8,
            500,
            10L * PROGRESS + 1);

    private static final BodyBudget.State EMPTY =
            new BodyBudget.State(Map.of(Pool.SMALL, 0L, Pool.MEDIUM, 0L, Pool.LARGE, 0L), 0, 0, 0);

    private long nanos = 1;
    private final BodyBudget budget = new BodyBudget(BOUNDS, () -> nanos);
    private final List<String> told = new ArrayList<>();
    private final Map<BodyBudget.Permit, String> names = new LinkedHashMap<>();
    private final Map<String, SenderConnection> senders = new HashMap<>();

    @Test
    void whatIsOnlyOpenedHoldsNothing() {
        for (int i = 0; i < 1000; i++) {
            open("silent " + i);
        }
        assertThat(want(open("sender"), Pool.SMALL, 100)).isEqualTo(Grant.HELD);
    }

    @Test
    void largeBodiesDoNotHoldUpSmallOnes() {
        assertThat(want(open("a"), Pool.LARGE, 600)).isEqualTo(Grant.HELD);
        assertThat(want(open("b"), Pool.LARGE, 200)).isEqualTo(Grant.WAITING);
        assertThat(want(open("c"), Pool.SMALL, 100)).isEqualTo(Grant.HELD);
    }

    @Test
    void whatIsLargerThanItsPoolGoesAlone() {
        BodyBudget.Permit giant = open("a");
        assertThat(want(giant, Pool.LARGE, 5000)).isEqualTo(Grant.HELD);
        assertThat(want(open("b"), Pool.LARGE, 200)).isEqualTo(Grant.WAITING);
        giant.close();
        assertThat(told).containsExactly("b");
    }

    @Test
    void noneButAuditTakesFromItsReserve() {
        assertThat(want(open("a"), Pool.SMALL, 100)).isEqualTo(Grant.HELD);
        assertThat(want(open("b"), Pool.SMALL, 100)).isEqualTo(Grant.HELD);
        assertThat(want(open("c"), Pool.SMALL, 100)).isEqualTo(Grant.WAITING);
        assertThat(want(openAudit("d"), Pool.SMALL, 75))
                .as("past the others in line")
                .isEqualTo(Grant.HELD);
    }

    @Test
    void theShareOfOneConnectionHoldsUpNobodyElse() {
        assertThat(want(open("a"), Pool.SMALL, 100)).isEqualTo(Grant.HELD);
        assertThat(want(open("a"), Pool.SMALL, 100)).as("over its share of 150").isEqualTo(Grant.WAITING);
        assertThat(want(open("b"), Pool.SMALL, 100)).isEqualTo(Grant.HELD);
    }

    @Test
    void theLineIsBounded() {
        want(open("large"), Pool.LARGE, 600);
        for (int i = 0; i < BOUNDS.waitingMax(); i++) {
            assertThat(want(open("waits"), Pool.LARGE, 600)).isEqualTo(Grant.WAITING);
        }
        assertThat(want(open("too many"), Pool.LARGE, 600)).isEqualTo(Grant.REFUSED);
    }

    @Test
    void whoLeavesTheLineIsNotTold() {
        BodyBudget.Permit first = open("a");
        want(first, Pool.LARGE, 600);
        BodyBudget.Permit waiting = open("b");
        want(waiting, Pool.LARGE, 600);
        waiting.close();
        waiting.close();
        first.close();
        first.close();
        assertThat(told).isEmpty();
        assertThat(budget.state()).isEqualTo(EMPTY);
    }

    @Test
    void aClosedPermitTakesNothing() {
        BodyBudget.Permit closed = open("a");
        closed.close();
        assertThatThrownBy(() -> want(closed, Pool.SMALL, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(budget.state().usedBytes()).isZero();
    }

    @Test
    void aBodyThatComesToMoreMovesUpOrIsRefused() {
        BodyBudget.Permit grows = open("grows");
        assertThat(want(grows, Pool.SMALL, 100)).isEqualTo(Grant.HELD);
        assertThat(want(open("a"), Pool.MEDIUM, 200)).isEqualTo(Grant.HELD);
        assertThat(want(grows, Pool.MEDIUM, 200))
                .as("it does not wait with what it holds")
                .isEqualTo(Grant.REFUSED);
        assertThat(want(grows, Pool.LARGE, 600)).isEqualTo(Grant.HELD);
        assertThat(budget.state().bytes()).containsEntry(Pool.SMALL, 0L).containsEntry(Pool.LARGE, 600L);
    }

    @Test
    void whoMovesUpMakesRoomForOthers() {
        BodyBudget.Permit grows = open("grows");
        want(grows, Pool.SMALL, 100);
        want(open("a"), Pool.SMALL, 100);
        assertThat(want(open("b"), Pool.SMALL, 100)).isEqualTo(Grant.WAITING);
        want(grows, Pool.MEDIUM, 200);
        assertThat(told).containsExactly("b");
    }

    @Test
    void provenConnectionsGoFirstAndOthersHaveTheirTurn() {
        BodyBudget.Permit before = open("good");
        want(before, Pool.LARGE, 600);
        before.whole();
        for (int i = 0; i < 5; i++) {
            want(open("new " + i), Pool.LARGE, 600);
            want(open("good"), Pool.LARGE, 600);
        }
        List<String> order = new ArrayList<>();
        before.close();
        while (!told.isEmpty()) {
            String next = told.removeFirst();
            order.add(next);
            BodyBudget.Permit holder = names.entrySet().stream()
                    .filter(entry ->
                            entry.getValue().equals(next) && entry.getKey().isHeld())
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            holder.whole();
            holder.close();
        }
        assertThat(order)
                .containsExactly("good", "good", "good", "new 0", "good", "good", "new 1", "new 2", "new 3", "new 4");
    }

    @Test
    void whoIsCutIsProvenNoLonger() {
        BodyBudget.Permit good = open("good");
        want(good, Pool.SMALL, 100);
        good.whole();
        good.close();
        assertThat(sender("good").isProven()).isTrue();
        BodyBudget.Permit breaks = open("good");
        want(breaks, Pool.SMALL, 100);
        breaks.close();
        assertThat(sender("good").isProven()).isFalse();
    }

    @Test
    void whoOnlyWaitedIsProvenStill() {
        BodyBudget.Permit good = open("good");
        want(good, Pool.LARGE, 600);
        good.whole();
        BodyBudget.Permit waits = open("good");
        want(waits, Pool.LARGE, 600);
        waits.close();
        assertThat(sender("good").isProven()).isTrue();
    }

    @Test
    void slowBodiesAreCutOnlyWhileOthersWait() {
        BodyBudget.Permit slow = open("slow");
        want(slow, Pool.LARGE, 600);
        nanos += 10_000_000_000L;
        assertThat(budget.cutSlow()).isZero();
        want(open("b"), Pool.LARGE, 600);
        assertThat(budget.cutSlow()).isEqualTo(1);
        assertThat(budget.cutSlow()).as("once").isZero();
        assertThat(told).containsExactly("slow cut");
        slow.close();
        assertThat(told).containsExactly("slow cut", "b");
    }

    @Test
    void aBodyIsSlowByItsRateToo() {
        BodyBudget.Permit trickling = open("trickling");
        want(trickling, Pool.LARGE, 600);
        want(open("b"), Pool.LARGE, 600);
        for (int i = 0; i < 20; i++) {
            nanos += 100_000_000L;
            trickling.arrived(PROGRESS);
        }
        assertThat(budget.cutSlow()).isEqualTo(1);
    }

    @Test
    void whatCameWholeIsNotSlow() {
        BodyBudget.Permit whole = open("whole");
        want(whole, Pool.LARGE, 600);
        whole.whole();
        want(open("b"), Pool.LARGE, 600);
        nanos += 10_000_000_000L;
        assertThat(budget.cutSlow()).isZero();
    }

    @Test
    void aBodyThatTricklesStandsStill() {
        BodyBudget.Permit trickling = open("trickling");
        want(trickling, Pool.LARGE, 600);
        want(open("b"), Pool.LARGE, 600);
        for (int i = 0; i < 6; i++) {
            nanos += 100_000_000L;
            trickling.arrived(200);
        }
        assertThat(budget.cutSlow()).isEqualTo(1);
    }

    @Test
    void onlyAsManyAreCutAsAreNeededAndTheSlowestFirst() {
        BodyBudget.Permit first = open("first");
        want(first, Pool.SMALL, 100);
        nanos += 1_000_000;
        want(open("second"), Pool.SMALL, 100);
        nanos += 1_000_000_000L;
        want(open("c"), Pool.SMALL, 50);
        assertThat(budget.cutSlow()).isEqualTo(1);
        assertThat(told).containsExactly("first cut");
    }

    static LongStream seeds() {
        String seed = System.getProperty("seed");
        return seed == null ? LongStream.range(0, 200) : LongStream.of(Long.parseLong(seed));
    }

    /** Bodies end, break, are reset, time out and are cut in any order; at the end nothing is held, and nobody is told too late. */
    @ParameterizedTest
    @MethodSource("seeds")
    void everythingComesBackWhateverHappens(long seed) {
        Random random = new Random(seed);
        List<Body> bodies = new ArrayList<>();
        for (int step = 0; step < 2000; step++) {
            nanos += random.nextInt(50_000_000);
            bodies.removeIf(body -> body.closed);
            if (bodies.size() < 60 && random.nextInt(4) == 0) {
                bodies.add(new Body(random));
            } else if (!bodies.isEmpty()) {
                bodies.get(random.nextInt(bodies.size())).step(random);
            }
            if (random.nextInt(10) == 0) {
                budget.cutSlow();
            }
            BodyBudget.State now = budget.state();
            assertThat(now.bytes().get(Pool.SMALL)).isBetween(0L, 300L);
            assertThat(now.bytes().get(Pool.MEDIUM)).isBetween(0L, 400L);
            assertThat(now.bytes().get(Pool.LARGE)).isBetween(0L, 600L);
        }
        bodies.forEach(Body::close);
        assertThat(budget.state()).isEqualTo(EMPTY);
    }

    /** As long as senders send, everybody comes to an end: nobody waits for somebody who waits. */
    @ParameterizedTest
    @MethodSource("seeds")
    void nobodyWaitsForEver(long seed) {
        Random random = new Random(seed);
        List<Body> bodies = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            bodies.add(new Body(random));
        }
        for (int round = 0; !bodies.isEmpty(); round++) {
            assertThat(round).as("seed %d: %s", seed, budget.state()).isLessThan(5000);
            Body body = bodies.get(random.nextInt(bodies.size()));
            body.send(random);
            body.finish(random);
            bodies.removeIf(each -> each.closed);
        }
        assertThat(budget.state().permits()).isZero();
    }

    private BodyBudget.Permit open(String name) {
        return open(name, false);
    }

    private BodyBudget.Permit openAudit(String name) {
        return open(name, true);
    }

    private SenderConnection sender(String name) {
        return senders.computeIfAbsent(name, _ -> new SenderConnection());
    }

    private BodyBudget.Permit open(String name, boolean audit) {
        sender(name).bringsAudit(audit);
        BodyBudget.Permit permit = budget.open(sender(name), () -> told.add(name + " cut"));
        names.put(permit, name);
        return permit;
    }

    private Grant want(BodyBudget.Permit permit, Pool pool, long bytes) {
        return permit.want(pool, bytes, () -> told.add(names.get(permit)));
    }

    /** A sender's body as a request has it: holds room for all that it said, or moves up; then is worked on, then answered. */
    private final class Body {
        private final BodyBudget.Permit permit;
        private final boolean declared;
        private final int size;
        private int room;
        private int came;
        private boolean waiting;
        private boolean whole;
        private boolean closed;

        Body(Random random) {
            SenderConnection sender = sender("connection " + random.nextInt(10));
            sender.bringsAudit(random.nextInt(5) == 0);
            permit = budget.open(sender, this::close);
            declared = random.nextBoolean();
            size = 1 + random.nextInt(List.of(100, 200, 600).get(random.nextInt(3)));
        }

        void step(Random random) {
            switch (random.nextInt(8)) {
                case 0 -> close();
                case 1 -> finish(random);
                default -> send(random);
            }
        }

        void send(Random random) {
            if (waiting || closed || whole) {
                return;
            }
            int chunk = Math.min(size - came, 1 + random.nextInt(40));
            permit.arrived(chunk);
            if (came + chunk <= room) {
                came += chunk;
                return;
            }
            int next = RequestBody.nextSize(came + chunk, declared ? size : -1, BOUNDS, 600);
            Grant grant = permit.want(BOUNDS.poolOf(next), next, () -> {
                assertThat(closed).isFalse();
                waiting = false;
                room = next;
            });
            switch (grant) {
                case HELD -> room = next;
                case WAITING -> waiting = true;
                case REFUSED -> close();
            }
        }

        void finish(Random random) {
            if (whole) {
                close();
            } else if (!waiting && !closed && came == size && random.nextBoolean()) {
                whole = true;
                permit.whole();
            }
        }

        void close() {
            closed = true;
            permit.close();
        }
    }
}
