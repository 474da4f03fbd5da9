package dev.throughline.masking;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.throughline.telemetry.Edits;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.Signal;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** A plain loop over reference events, one thread, warm: CPU ns an event and token walks. */
final class MaskingBenchmark {
    private static final int EVENTS = 50_000;
    private static final int ROUNDS = 12;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final byte[] ndjson;
    private final int[] starts = new int[EVENTS + 1];
    private final JsonTape tape = new JsonTape();
    private final ReceivedRecord record = new ReceivedRecord(tape);
    private final Edits edits = new Edits();
    private final MaskedRecords target = new MaskedRecords();
    private final MaskingSession session = new Masker(MaskingRules.builtIn(), null).session();
    private final JsonFactory jackson = new JsonFactory();
    private long blackhole;

    private MaskingBenchmark() {
        Random random = new Random(1);
        PersonalData people = new PersonalData(random);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String[] personal = {
            "Contact jane.doe%d@example.com could not be synced with the ERP",
            "Callback to +49 30 1234%03d requested for delivery",
            "Payment card 4111 1111 1111 1111 declined by acquirer %d",
            "Refund to DE89 3704 0044 0532 0130 00 failed, code %d"
        };
        for (int i = 0; i < EVENTS; i++) {
            starts[i] = out.size();
            String message = random.nextInt(5) == 0
                    ? String.format(personal[random.nextInt(4)], random.nextInt(1000))
                    : "ERP API timeout during status update of order SO-" + people.digits(6) + " after 3 attempts";
            String event = MaskingSessionTest.EVENT
                    .replace("ERP API timeout during status update", message)
                    .replace("SO-104928", "SO-" + people.digits(6))
                    .replace("4bf92f3577b34da6", people.chars("0123456789abcdef", 16))
                    .replace("M2WZ2FQ3K", people.chars("ABCDEFGHJK0123456789", 9));
            out.writeBytes((event + "\n").getBytes(StandardCharsets.UTF_8));
        }
        starts[EVENTS] = out.size();
        ndjson = out.toByteArray();
    }

    /** Slots by a walk of the root, as the contract fills them on its way. */
    private void parse(int i) throws Exception {
        tape.parse(ndjson, starts[i], starts[i + 1]);
        record.begin(Signal.LOG, ndjson, starts[i], starts[i + 1]);
        int member = 0;
        for (int key = 1; key < tape.next(0); key = tape.next(key + 1), member++) {
            int field = FIELD_OF_MEMBER[member];
            if (field >= 0) {
                record.set(Field.ofOrdinal(field), key + 1);
            }
        }
    }

    private static final int[] FIELD_OF_MEMBER = {8, 6, -1, -1, 0, 1, 2, 3, 4, 5, 11, -1, 7, -1, -1, -1, 9, 10};

    private long run(int level) throws Exception {
        long before = THREADS.getCurrentThreadCpuTime();
        if (level == 0) {
            try (JsonParser parser = jackson.createParser(ndjson)) {
                while (parser.nextToken() != null) {
                    blackhole++;
                }
            }
        }
        for (int i = 0; level > 0 && i < EVENTS; i++) {
            parse(i);
            if (level > 1) {
                edits.reset();
                if (session.mask(record, edits, true) instanceof Outcome.Failed) {
                    throw new IllegalStateException("masking failed");
                }
                blackhole += edits.count();
            }
            if (level > 2) {
                if (i % 500 == 0) {
                    target.reset(1 << 30);
                }
                session.append(target, record, edits, Masking.STAMP, 0, i, i);
            }
        }
        return THREADS.getCurrentThreadCpuTime() - before;
    }

    public static void main(String[] args) throws Exception {
        MaskingBenchmark benchmark = new MaskingBenchmark();
        String[] names = {"Jackson token walk", "tape + slots", "tape + mask", "tape + mask + append"};
        long[] best = new long[names.length];
        for (int round = 0; round < ROUNDS; round++) {
            for (int level = 0; level < names.length; level++) {
                long nanos = benchmark.run(level);
                best[level] = round < 4 ? Long.MAX_VALUE : Math.min(best[level], nanos);
            }
        }
        System.out.printf(
                "%d events of %d bytes, %d with edits%n",
                EVENTS, benchmark.ndjson.length / EVENTS, benchmark.blackhole);
        for (int level = 0; level < names.length; level++) {
            System.out.printf(
                    "%-22s %6d ns/event %6.2f TW%n",
                    names[level], best[level] / EVENTS, (double) best[level] / best[0]);
        }
    }
}
