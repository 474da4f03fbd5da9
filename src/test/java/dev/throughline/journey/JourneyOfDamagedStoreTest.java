package dev.throughline.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.storage.FrameFixture;
import dev.throughline.storage.FrameFixture.Event;
import dev.throughline.storage.SqliteRecordStore;
import dev.throughline.storage.StoreConfig;
import dev.throughline.telemetry.Stream;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 404 says that all was read; where it was not, the answer says what is missing. */
class JourneyOfDamagedStoreTest {
    private static final String KEPT = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3K";
    private static final String UNKNOWN = "corr_01HRVQ8QX8K6YB2T9M2WZ2FQ3M";

    @TempDir
    Path data;

    private SqliteRecordStore open() {
        return new SqliteRecordStore(
                data, StoreConfig.DEFAULT, InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z")));
    }

    private static Response journey(SqliteRecordStore store, String id) {
        UriInfo uri = (UriInfo) Proxy.newProxyInstance(
                UriInfo.class.getClassLoader(),
                new Class<?>[] {UriInfo.class},
                (proxy, method, arguments) -> new MultivaluedHashMap<String, String>());
        return new JourneyResource(store).journey(id, uri);
    }

    private static String body(Response response) {
        return new String((byte[]) response.getEntity(), StandardCharsets.UTF_8);
    }

    @Test
    void notFoundIsAnsweredOnlyWhereAllWasRead() throws IOException {
        try (SqliteRecordStore store = open()) {
            store.write(new FrameFixture()
                    .add(Event.log(1, KEPT, "2026-11-22T10:00:00Z"))
                    .batch(Stream.AUDIT));
            assertThat(journey(store, KEPT).getStatus()).isEqualTo(200);
            assertThat(journey(store, UNKNOWN).getStatus()).isEqualTo(404);
        }
        Files.writeString(data.resolve("store/audit/2026-11-22.db"), "no database".repeat(5_000));
        try (SqliteRecordStore store = open()) {
            for (String id : new String[] {KEPT, UNKNOWN}) {
                Response response = journey(store, id);
                assertThat(response.getStatus()).isEqualTo(200);
                assertThat(body(response)).contains("\"records\":[]").contains("\"unreadable\":[\"audit/2026-11-22\"]");
            }
        }
    }
}
