package dev.throughline.spool;

import static dev.throughline.telemetry.Stream.AUDIT;
import static dev.throughline.telemetry.Stream.OPERATIONAL_LOGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.telemetry.Stream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk refuses or fails: the sender is told, nothing half is kept, and the spool goes on when it can. */
class SpoolFaultTest {
    private static final List<Stream> OPERATIONAL =
            List.of(OPERATIONAL_LOGS, Stream.OPERATIONAL_SPANS, Stream.OPERATIONAL_METRICS);

    @TempDir
    Path directory;

    private final FaultyDisk disk = new FaultyDisk();
    private long nowMillis;
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);

    private Spool open(SpoolConfig config) {
        return Spool.open(directory, config, clock, disk);
    }

    private AppendOutcome both(Spool spool, long from, long to) {
        nowMillis += 10;
        return Records.append(
                spool, Records.request(OPERATIONAL_LOGS, Records.of(from, to), AUDIT, Records.of(from, to)));
    }

    @Test
    void aFullDiskRollsTheGroupBackAtEveryByte() {
        long groupBytes = 2L * (64 + Records.of(1, 2).length());
        List<Long> kept = new ArrayList<>();
        try (Spool spool = open(Configs.segments(20_000))) {
            long id = 0;
            for (long room = 0; room < groupBytes; room += 3) {
                disk.allowBytes(room, false);
                assertThat(both(spool, id, id + 1)).isInstanceOfSatisfying(AppendOutcome.Full.class, full -> {
                    assertThat(full.reason()).isEqualTo(AppendOutcome.Reason.DISK);
                    assertThat(full.retryAfter()).isEqualTo(Duration.ofSeconds(5));
                });
                disk.heal();
                id++;
                assertThat(both(spool, id, id + 1)).isEqualTo(new AppendOutcome.Kept(2));
                kept.add(id++);
            }
            assertThat(Records.all(spool, AUDIT)).isEqualTo(kept);
            assertThat(Records.all(spool, OPERATIONAL_LOGS)).isEqualTo(kept);
            assertThat(spool.stats(AUDIT).appendedRecords()).isEqualTo(kept.size());
        }
        try (Spool spool = open(Configs.segments(20_000))) {
            assertThat(spool.recovery().damages()).isEmpty();
            assertThat(Records.all(spool, AUDIT)).isEqualTo(kept);
            assertThat(Records.all(spool, OPERATIONAL_LOGS)).isEqualTo(kept);
        }
    }

    @Test
    void afterAFullDiskNothingIsTriedUntilTheNextLook() {
        try (Spool spool = open(Configs.diskFree(0))) {
            disk.allowBytes(10, false);
            assertThat(both(spool, 0, 1)).isInstanceOf(AppendOutcome.Full.class);
            disk.heal();
            int writes = disk.count(FaultyDisk.Call.WRITE);
            assertThat(both(spool, 1, 2)).isInstanceOf(AppendOutcome.Full.class);
            assertThat(disk.count(FaultyDisk.Call.WRITE)).isEqualTo(writes);
            nowMillis += 1_000;
            assertThat(both(spool, 2, 3)).isEqualTo(new AppendOutcome.Kept(2));
        }
    }

    @Test
    void aFailedFsyncIsNeverAcknowledgedAndItsSegmentGetsNoMore() {
        try (Spool spool = open(Configs.small())) {
            both(spool, 0, 1);
            for (int failing = 0; failing < 2; failing++) {
                disk.failOnce(FaultyDisk.Fault.IO_ERROR, FaultyDisk.Call.FORCE, failing);
                assertThat(both(spool, 10, 12)).isEqualTo(new AppendOutcome.Failed("spool_fsync_failed"));
                disk.heal();
                assertThat(both(spool, 1 + failing, 2 + failing)).isEqualTo(new AppendOutcome.Kept(2));
            }
            assertThat(Records.all(spool, AUDIT)).containsExactly(0L, 1L, 2L);
            assertThat(Records.all(spool, OPERATIONAL_LOGS)).containsExactly(0L, 1L, 2L);
            // Streams are forced in order: the first failing fsync is the first stream's.
            assertThat(directory.resolve("operational.logs/00000000000000000001.seg"))
                    .exists();
            assertThat(directory.resolve("audit/00000000000000000002.seg")).exists();
            assertThat(spool.commits().failedGroups()).isEqualTo(2);
        }
        try (Spool spool = open(Configs.small())) {
            assertThat(spool.recovery().isDamaged()).isFalse();
            assertThat(Records.all(spool, AUDIT)).containsExactly(0L, 1L, 2L);
        }
    }

    @Test
    void aFailedFsyncOfTheFirstGroupReplacesTheEmptySegment() {
        try (Spool spool = open(Configs.small());
                SpoolReader reader = spool.reader("store", AUDIT)) {
            assertThat(reader.read(1_000, 10)).isNull();
            disk.fail(FaultyDisk.Fault.IO_ERROR, call -> call == FaultyDisk.Call.FORCE);
            assertThat(both(spool, 0, 1)).isEqualTo(new AppendOutcome.Failed("spool_fsync_failed"));
            disk.heal();
            assertThat(both(spool, 1, 2)).isEqualTo(new AppendOutcome.Kept(2));
            assertThat(Records.drain(reader)).containsExactly(1L);
        }
    }

    @Test
    void aRollbackThatFailsTooLeavesNothingToRead() {
        try (Spool spool = open(Configs.small())) {
            both(spool, 0, 2);
            disk.fail(
                    FaultyDisk.Fault.IO_ERROR,
                    call -> call == FaultyDisk.Call.FORCE || call == FaultyDisk.Call.TRUNCATE);
            assertThat(both(spool, 10, 12)).isInstanceOf(AppendOutcome.Failed.class);
            disk.heal();
            both(spool, 2, 4);
            assertThat(Records.all(spool, AUDIT)).isEqualTo(Records.range(0, 4));
        }
        // What could not be cut off then was cut off when the segment was closed.
        try (Spool spool = open(Configs.small())) {
            assertThat(spool.recovery().isDamaged()).isFalse();
            assertThat(spool.recovery().tornBytes()).isZero();
            assertThat(Records.all(spool, AUDIT)).isEqualTo(Records.range(0, 4));
            assertThat(Records.all(spool, OPERATIONAL_LOGS)).isEqualTo(Records.range(0, 4));
        }
    }

    @Test
    void anyFailuresLeaveExactlyWhatWasAcknowledged() {
        Seeds.each(200, (random, seed) -> {
            Path own = directory.resolve("seed-" + seed);
            FaultyDisk failing = new FaultyDisk();
            Map<Stream, List<Long>> kept = new EnumMap<>(Stream.class);
            kept.put(AUDIT, new ArrayList<>());
            kept.put(OPERATIONAL_LOGS, new ArrayList<>());
            try (Spool spool = Spool.open(own, Configs.segments(2_000), clock, failing)) {
                failing.writeShort(new Random(seed));
                for (int step = 0; step < 40; step++) {
                    if (random.nextInt(3) == 0) {
                        failing.failOnce(
                                random.nextBoolean() ? FaultyDisk.Fault.IO_ERROR : FaultyDisk.Fault.DISK_FULL,
                                FaultyDisk.Call.values()[random.nextInt(FaultyDisk.Call.values().length)],
                                random.nextInt(3));
                    }
                    long from = step * 10L;
                    long to = from + 1 + random.nextInt(6);
                    if (both(spool, from, to) instanceof AppendOutcome.Kept) {
                        kept.values().forEach(ids -> ids.addAll(Records.range(from, to)));
                    }
                }
                failing.heal();
                kept.forEach(
                        (stream, ids) -> assertThat(Records.all(spool, stream)).isEqualTo(ids));
            }
            try (Spool spool = Spool.open(own, Configs.segments(2_000), clock, failing)) {
                assertThat(spool.recovery().isDamaged())
                        .as("%s", spool.recovery())
                        .isFalse();
                kept.forEach(
                        (stream, ids) -> assertThat(Records.all(spool, stream)).isEqualTo(ids));
            }
        });
    }

    @Test
    void aQuotaRefusesAndDeliveryMakesRoom() {
        try (Spool spool = open(Configs.quotas(1 << 20, 1 << 10, Map.of(OPERATIONAL_LOGS, 20_000L)));
                SpoolReader reader = spool.reader("store", OPERATIONAL_LOGS)) {
            long kept = 0;
            AppendOutcome outcome = Records.append(spool, OPERATIONAL_LOGS, kept, kept + 5);
            while (outcome instanceof AppendOutcome.Kept) {
                kept += 5;
                outcome = Records.append(spool, OPERATIONAL_LOGS, kept, kept + 5);
            }
            assertThat(outcome)
                    .isEqualTo(new AppendOutcome.Full(
                            OPERATIONAL_LOGS, AppendOutcome.Reason.QUOTA, Duration.ofSeconds(5)));
            assertThat(spool.stats(OPERATIONAL_LOGS).diskBytes()).isBetween(18_000L, 20_000L);
            // All streams of a request, or none.
            assertThat(both(spool, 900, 905)).isInstanceOf(AppendOutcome.Full.class);
            assertThat(spool.stats(AUDIT).appendedRecords()).isZero();
            assertThat(Records.append(spool, AUDIT, 0, 5)).isInstanceOf(AppendOutcome.Kept.class);
            assertThat(Records.drain(reader)).isEqualTo(Records.range(0, kept));
            assertThat(Records.append(spool, OPERATIONAL_LOGS, kept, kept + 5)).isInstanceOf(AppendOutcome.Kept.class);
        }
    }

    @Test
    void onlyAuditFillsTheReserve() {
        try (Spool spool = open(Configs.quotas(60_000, 20_000, Map.of()))) {
            AppendOutcome outcome = new AppendOutcome.Kept(0);
            for (long id = 0; outcome instanceof AppendOutcome.Kept; id += 5) {
                outcome = Records.append(spool, OPERATIONAL_LOGS, id, id + 5);
            }
            assertThat(((AppendOutcome.Full) outcome).reason()).isEqualTo(AppendOutcome.Reason.AUDIT_RESERVE);
            assertThat(spool.stats(OPERATIONAL_LOGS).diskBytes()).isBetween(38_000L, 40_000L);
            outcome = new AppendOutcome.Kept(0);
            for (long id = 0; outcome instanceof AppendOutcome.Kept; id += 5) {
                outcome = Records.append(spool, AUDIT, id, id + 5);
            }
            assertThat(((AppendOutcome.Full) outcome).reason()).isEqualTo(AppendOutcome.Reason.QUOTA);
            assertThat(spool.stats(AUDIT).diskBytes()).isBetween(18_000L, 22_000L);
        }
    }

    @Test
    void theDisksFreeSpaceIsLeftAlone() {
        disk.usable = 1_500_000;
        try (Spool spool = open(Configs.diskFree(1_400_000))) {
            assertThat(Records.append(spool, OPERATIONAL_LOGS, 0, 5)).isInstanceOf(AppendOutcome.Kept.class);
            disk.usable = 1_000_000;
            assertThat(Records.append(spool, OPERATIONAL_LOGS, 5, 10)).isInstanceOf(AppendOutcome.Kept.class);
            nowMillis += 1_000;
            assertThat(Records.append(spool, OPERATIONAL_LOGS, 10, 15))
                    .isEqualTo(
                            new AppendOutcome.Full(OPERATIONAL_LOGS, AppendOutcome.Reason.DISK, Duration.ofSeconds(5)));
            assertThat(Records.append(spool, AUDIT, 0, 5)).isInstanceOf(AppendOutcome.Kept.class);
        }
    }

    private static AppendOutcome.Reason refusing(Spool spool) {
        return spool.refusing(OPERATIONAL);
    }

    @Test
    void itSaysWhenTheDiskLeavesNoRoomAndWhenItDoesAgain() {
        disk.usable = 1_500_000;
        try (Spool spool = open(Configs.diskFree(1_400_000))) {
            assertThat(refusing(spool)).isNull();
            disk.usable = 1_000_000;
            assertThat(refusing(spool)).isEqualTo(AppendOutcome.Reason.DISK);
            disk.usable = 1_500_000;
            assertThat(refusing(spool)).isNull();
            disk.allowBytes(10, false);
            Records.append(spool, OPERATIONAL_LOGS, 0, 5);
            assertThat(refusing(spool)).isEqualTo(AppendOutcome.Reason.DISK);
            disk.heal();
            nowMillis += 1_000;
            Records.append(spool, OPERATIONAL_LOGS, 0, 5);
            assertThat(refusing(spool)).isNull();
        }
    }

    @Test
    void itSaysWhenOnlyTheReserveIsLeftAndWhenDeliveryHasMadeRoom() {
        try (Spool spool = open(Configs.quotas(60_000, 20_000, Map.of()));
                SpoolReader reader = spool.reader("store", OPERATIONAL_LOGS)) {
            assertThat(refusing(spool)).isNull();
            AppendOutcome outcome = new AppendOutcome.Kept(0);
            for (long id = 0; outcome instanceof AppendOutcome.Kept; id += 5) {
                outcome = Records.append(spool, OPERATIONAL_LOGS, id, id + 5);
            }
            assertThat(refusing(spool)).isEqualTo(AppendOutcome.Reason.AUDIT_RESERVE);
            assertThat(Records.append(spool, AUDIT, 0, 5)).isInstanceOf(AppendOutcome.Kept.class);
            assertThat(refusing(spool)).isEqualTo(AppendOutcome.Reason.AUDIT_RESERVE);
            while (spool.stats(OPERATIONAL_LOGS).backlogRecords() > 0) {
                Records.drain(reader);
            }
            assertThat(refusing(spool)).isNull();
        }
    }

    @Test
    void oneFullStreamDoesNotSpeakForTheOthers() {
        try (Spool spool = open(Configs.quotas(60_000, 20_000, Map.of(OPERATIONAL_LOGS, 10_000L)))) {
            AppendOutcome outcome = new AppendOutcome.Kept(0);
            for (long id = 0; outcome instanceof AppendOutcome.Kept; id += 5) {
                outcome = Records.append(spool, OPERATIONAL_LOGS, id, id + 5);
            }
            assertThat(refusing(spool)).isNull();
            assertThat(spool.refusing(List.of(OPERATIONAL_LOGS))).isEqualTo(AppendOutcome.Reason.QUOTA);
        }
    }

    @Test
    void moreThanMayWaitIsRefusedAtOnce() throws InterruptedException {
        try (Spool spool = open(Configs.pending(2_000, 1))) {
            java.util.concurrent.CountDownLatch held = new java.util.concurrent.CountDownLatch(1);
            java.util.concurrent.CountDownLatch entered = new java.util.concurrent.CountDownLatch(1);
            spool.append(Records.request(AUDIT, Records.of(0, 1)), outcome -> {
                entered.countDown();
                await(held);
            });
            await(entered);
            var second = Records.start(spool, Records.request(AUDIT, Records.of(1, 9)));
            var third = Records.start(spool, Records.request(AUDIT, Records.of(9, 18)));
            assertThat(third)
                    .isCompletedWithValue(
                            new AppendOutcome.Full(AUDIT, AppendOutcome.Reason.PENDING, Duration.ofSeconds(1)));
            assertThat(spool.stats(AUDIT).pendingBytes()).isPositive();
            held.countDown();
            assertThat(second.join()).isEqualTo(new AppendOutcome.Kept(8));
            assertThat(spool.stats(AUDIT).pendingBytes()).isZero();
        }
    }

    private static void await(java.util.concurrent.CountDownLatch latch) {
        try {
            assertThat(latch.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
