package dev.throughline.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.ingest.BodyBudget.Grant;
import dev.throughline.ingest.BodyBudget.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BodyBudgetTest {
    /** What counts as coming on. */
    private static final int PROGRESS = 16 << 10;
    /** 300 for small bodies, of which 75 are for audit; 600 for large ones. A body up to 100 is small. */
    private static final BodyBounds BOUNDS = new BodyBounds(300, 75, 600, 100, 150, 8, 500, 10L * PROGRESS + 1);

    private long nanos = 1;
    private final BodyBudget budget = new BodyBudget(BOUNDS, () -> nanos);
    private final List<String> told = new ArrayList<>();

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
        assertThat(budget.state()).isEqualTo(new BodyBudget.State(0, 0, 0, 0, 0));
    }

    @Test
    void aClosedPermitTakesNothing() {
        BodyBudget.Permit closed = open("a");
        closed.close();
        assertThatThrownBy(() -> want(closed, Pool.SMALL, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(budget.state().smallBytes()).isZero();
    }

    @Test
    void theOldestBodyComesToItsEndWhenAllWaitForEachOther() {
        List<BodyBudget.Permit> bodies = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            bodies.add(open("sender " + i));
            assertThat(want(bodies.get(i), Pool.SMALL, 25)).isEqualTo(Grant.HELD);
        }
        assertThat(want(bodies.get(4), Pool.SMALL, 100)).isEqualTo(Grant.WAITING);
        assertThat(want(bodies.getFirst(), Pool.SMALL, 100)).isEqualTo(Grant.HELD);
        assertThat(want(bodies.get(1), Pool.SMALL, 100)).isEqualTo(Grant.WAITING);
        bodies.getFirst().whole();
        assertThat(told).as("the oldest that is not whole").containsExactly("sender 1");
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
            assertThat(now.smallBytes()).isBetween(0L, 400L);
            assertThat(now.largeBytes()).isBetween(0L, 600L);
        }
        bodies.forEach(Body::close);
        assertThat(budget.state()).isEqualTo(new BodyBudget.State(0, 0, 0, 0, 0));
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

    private final java.util.Map<BodyBudget.Permit, String> names = new java.util.IdentityHashMap<>();

    private BodyBudget.Permit open(String name, boolean audit) {
        BodyBudget.Permit permit = budget.open(name, audit, () -> told.add(name + " cut"));
        names.put(permit, name);
        return permit;
    }

    private Grant want(BodyBudget.Permit permit, Pool pool, long bytes) {
        return permit.want(pool, bytes, () -> told.add(names.get(permit)));
    }

    /** A sender's body as a request has it: grows by what is held, then is worked on, then answered. */
    private final class Body {
        private final BodyBudget.Permit permit;
        private final Pool pool;
        private final int size;
        private int room;
        private int came;
        private boolean waiting;
        private boolean whole;
        private boolean closed;

        Body(Random random) {
            permit = budget.open("connection " + random.nextInt(10), random.nextInt(5) == 0, this::close);
            pool = random.nextInt(4) == 0 ? Pool.LARGE : Pool.SMALL;
            size = pool == Pool.LARGE ? 101 + random.nextInt(500) : 1 + random.nextInt(100);
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
            int next = pool == Pool.LARGE || budget.isAmple() ? size : Math.min(size, came + chunk);
            Grant grant = permit.want(pool, next, () -> {
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
