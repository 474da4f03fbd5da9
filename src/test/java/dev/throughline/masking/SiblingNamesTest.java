package dev.throughline.masking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.telemetry.JsonTape;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SiblingNamesTest {
    @Test
    void aMaskedNameIsNoOtherMembers() throws Exception {
        JsonTape tape = new JsonTape();
        tape.parseWhole("{\"[EMAIL]\":1,\"[EMAIL]_3\":2,\"x\":{\"[EMAIL]_2\":3}}".getBytes(UTF_8));
        SiblingNames names = SiblingNames.of(tape, 0);
        assertThat(names.distinct("[EMAIL]")).isEqualTo("[EMAIL]_2");
        assertThat(names.distinct("[EMAIL]")).isEqualTo("[EMAIL]_4");
        assertThat(names.distinct("[IBAN]")).isEqualTo("[IBAN]");
        assertThat(names.distinct("[IBAN]")).isEqualTo("[IBAN]_2");
    }

    @Test
    void manyOfOneTextAreAllDistinct() throws Exception {
        JsonTape tape = new JsonTape();
        tape.parseWhole("{}".getBytes(UTF_8));
        SiblingNames names = SiblingNames.of(tape, 0);
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 200_000; i++) {
            assertThat(all.add(names.distinct("[EMAIL]"))).isTrue();
        }
        assertThat(all).contains("[EMAIL]_200000");
    }
}
