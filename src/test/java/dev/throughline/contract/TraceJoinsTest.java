package dev.throughline.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TraceJoinsTest {
    private static final String A = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";
    private static final String B = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3M";

    private final TraceJoins all = new TraceJoins(1024);
    private final TraceJoins.Session joins = all.session();

    private void put(long tenant, String trace, String id) {
        byte[] t = trace.getBytes(StandardCharsets.US_ASCII);
        byte[] c = id.getBytes(StandardCharsets.US_ASCII);
        joins.put(tenant, t, 0, t.length, c, 0, c.length);
    }

    private String find(long tenant, String trace) {
        byte[] t = trace.getBytes(StandardCharsets.US_ASCII);
        byte[] id = joins.correlationOf(tenant, t, 0, t.length);
        return id == null ? "" : new String(id, StandardCharsets.US_ASCII);
    }

    @Test
    void aTraceIsJoinedToTheIdLastSeenWithIt() {
        put(1, "4bf92f3577b34da6a3ce929d0e0e4736", A);
        assertThat(find(1, "4bf92f3577b34da6a3ce929d0e0e4736")).isEqualTo(A);
        put(1, "4bf92f3577b34da6a3ce929d0e0e4736", B);
        assertThat(find(1, "4bf92f3577b34da6a3ce929d0e0e4736")).isEqualTo(B);
    }

    @Test
    void anotherTenantsTraceIsNotJoined() {
        put(1, "4bf92f3577b34da6a3ce929d0e0e4736", A);
        assertThat(find(2, "4bf92f3577b34da6a3ce929d0e0e4736")).isEmpty();
    }

    @Test
    void tracesThatDifferInOneDigitAreTwo() {
        put(1, "4bf92f3577b34da6a3ce929d0e0e4736", A);
        assertThat(find(1, "4bf92f3577b34da6a3ce929d0e0e4737")).isEmpty();
        assertThat(find(1, "5bf92f3577b34da6a3ce929d0e0e4736")).isEmpty();
    }

    @Test
    void itForgetsRatherThanGrows() {
        int found = 0;
        for (int i = 0; i < 100_000; i++) {
            put(1, String.format("%032x", i + 1L), String.format("corr_%026d", i));
        }
        for (int i = 0; i < 100_000; i++) {
            String id = find(1, String.format("%032x", i + 1L));
            if (!id.isEmpty()) {
                assertThat(id).isEqualTo(String.format("corr_%026d", i));
                found++;
            }
        }
        assertThat(found).isBetween(100, 4096);
    }

    @Test
    void anotherWorkerSeesWhatWasFlushed() {
        put(1, "4bf92f3577b34da6a3ce929d0e0e4736", A);
        byte[] trace = "4bf92f3577b34da6a3ce929d0e0e4736".getBytes(StandardCharsets.US_ASCII);
        TraceJoins.Session other = all.session();
        assertThat(other.correlationOf(1, trace, 0, trace.length)).isNull();
        joins.flush();
        assertThat(other.correlationOf(1, trace, 0, trace.length)).asString().isEqualTo(A);
    }
}
