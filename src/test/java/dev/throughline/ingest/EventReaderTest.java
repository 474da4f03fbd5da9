package dev.throughline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.telemetry.JsonSyntaxException;
import dev.throughline.telemetry.JsonTape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
    private final List<String> seen = new ArrayList<>();
    private Outcome outcome;

    private void read(String body) {
        seen.clear();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        JsonTape tape = new JsonTape(new JsonTape.Limits(4, 100, 50));
        EventReader reader = new EventReader(tape, 5);
        outcome = reader.read(bytes, 0, bytes.length, new EventReader.Sink() {
            @Override
            public void record(byte[] source, int from, int to) {
                seen.add(new String(source, from, to - from, StandardCharsets.UTF_8).strip());
            }

            @Override
            public void unreadable(JsonSyntaxException why, byte[] source, int from, int to) {
                seen.add("!" + why.problem().label());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}{\"a\":2}",
                "{\"a\":1}\n{\"a\":2}\n",
                "{\"a\":1}\r\n\r\n{\"a\":2}",
                "[{\"a\":1},{\"a\":2}]",
                " [ {\"a\":1} , {\"a\":2} ] \n",
                "[{\"a\":1}]\n[{\"a\":2}]",
                "[]{\"a\":1}[{\"a\":2}]",
                "\uFEFF{\"a\":1} {\"a\":2}"
            })
    void everyFramingGivesTheSameRecords(String body) {
        read(body);
        assertThat(outcome).isNull();
        assertThat(seen).containsExactly("{\"a\":1}", "{\"a\":2}");
    }

    @Test
    void oneBadLineDoesNotRefuseTheOthers() {
        read("{\"a\":1}\n{\"a\":\n{\"a\":3}");
        assertThat(outcome).isNull();
        assertThat(seen).containsExactly("{\"a\":1}", "!unexpected_character", "{\"a\":3}");
    }

    @Test
    void aRecordOverABoundIsPassedOverWhole() {
        read("[{\"a\":1},{\"a\":[[[[[[\n]]]]]]},{\"a\":3}]");
        assertThat(outcome).isNull();
        assertThat(seen).containsExactly("{\"a\":1}", "!too_deep", "{\"a\":3}");
        read("{\"a\":1}\n{\"a\":\n\"" + "x".repeat(60) + "\"}\n{\"a\":3}");
        assertThat(seen).containsExactly("{\"a\":1}", "!string_too_long", "{\"a\":3}");
    }

    @Test
    void aRecordWithAKeyTwiceIsRefusedAlone() {
        read("[{\"a\":1,\"a\":2},{\"b\":3}]");
        assertThat(outcome).isNull();
        assertThat(seen).containsExactly("!duplicate_key", "{\"b\":3}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "{\"a\":",
                "[{\"a\":1}",
                "[{\"a\":1},]",
                "[{\"a\":1} {\"a\":2}]",
                "[{\"a\":1},{\"a\":]",
                "<xml/>"
            })
    void whatIsNotJsonRefusesTheRequest(String body) {
        read(body);
        assertThat(outcome).isInstanceOf(Outcome.Malformed.class);
    }

    @Test
    void nothingIsASuccess() {
        read(" \n ");
        assertThat(outcome).isNull();
        assertThat(seen).isEmpty();
    }

    @Test
    void moreRecordsThanAllowedAreTooLarge() {
        read("{}".repeat(5));
        assertThat(outcome).isNull();
        read("{}".repeat(6));
        assertThat(outcome).isInstanceOf(Outcome.TooLarge.class);
        read("[" + "{},".repeat(6) + "{}]");
        assertThat(outcome).isInstanceOf(Outcome.TooLarge.class);
    }
}
