package dev.throughline.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.contract.CorrelationMapping.Id;
import dev.throughline.telemetry.JsonTape;
import dev.throughline.telemetry.ReceivedRecord;
import dev.throughline.telemetry.Signal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorrelationMappingTest {
    private static List<Id> missing(String event, String more) throws Exception {
        byte[] json = ("{\"event_name\":\"" + event + "\"" + more + "}").getBytes(StandardCharsets.UTF_8);
        JsonTape tape = new JsonTape();
        tape.parseWhole(json);
        ReceivedRecord record = new ReceivedRecord(tape);
        record.begin(Signal.LOG, json, 0, json.length);
        LogFields.locate(record);
        return CorrelationMapping.of(CorrelationMapping.missing(record));
    }

    @Test
    void aLogOfNoBoundaryLacksNothing() throws Exception {
        assertThat(missing("order.created", "")).isEmpty();
        assertThat(missing("ingressed.at", "")).isEmpty();
        assertThat(missing("queue.published", "")).isEmpty();
        assertThat(missing("transform.mapping.done", "")).isEmpty();
    }

    @Test
    void aLogOfABoundaryLacksWhatItDoesNotCarry() throws Exception {
        assertThat(missing("erp.api.request.failed", ""))
                .containsExactly(Id.TRACE_ID, Id.REQUEST_ID, Id.IDEMPOTENCY_KEY);
        assertThat(missing("erp.api.request", ",\"request_id\":\"r\",\"idempotency_key\":null,\"trace_id\":\"x\""))
                .containsExactly(Id.IDEMPOTENCY_KEY);
        assertThat(missing("db.commit", ",\"idempotency_key\":\"\"")).containsExactly(Id.IDEMPOTENCY_KEY);
        assertThat(missing("db.commit", ",\"idempotency_key\":\"k\"")).isEmpty();
        assertThat(missing("ingress.webhook", ",\"trace_id\":\"x\"")).containsExactly(Id.REQUEST_ID);
    }

    /** The published page says what the code asks for. */
    @Test
    void thePageIsWhatIsChecked() throws Exception {
        List<String> rows = Files.readAllLines(Path.of("docs/correlation.md")).stream()
                .dropWhile(line -> !line.startsWith("| boundary"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(rows).hasSize(TraceBlueprint.BOUNDARIES.size());
        for (int i = 0; i < rows.size(); i++) {
            String[] cells = rows.get(i).split("\\|", -1);
            String boundary = TraceBlueprint.BOUNDARIES.get(i).label();
            assertThat(cells[1]).contains(boundary);
            List<Id> marked = new ArrayList<>();
            for (Id id : Id.values()) {
                if (cells[3 + id.ordinal()].contains("●")) {
                    marked.add(id);
                }
            }
            assertThat(marked).as(boundary).isEqualTo(CorrelationMapping.ids(boundary));
        }
    }
}
