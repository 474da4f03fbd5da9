package dev.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.masking.Action;
import dev.throughline.masking.MaskingRules;
import dev.throughline.masking.detect.Detector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MaskCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String input, String... args) {
        ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        MaskingRules ofPolicy = MaskingRules.builder()
                .detector(Detector.EMAIL, new Action.Pseudonymise("email"))
                .build();
        return new CommandLine(new MaskCommand(file -> ofPolicy, in, out, errors)).execute(args);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String reported() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void masksEachLineAndReportsHitsByDetector() {
        int code = run("{\"m\":\"a@b.com\"}\n\n[\"10.1.2.3\",{\"first_name\":\"é\"}]\r\n\"c@d.com\"");
        assertThat(printed()).isEqualTo("{\"m\":\"[EMAIL]\"}\n[\"[IP]\",{\"first_name\":\"[NAME]\"}]\n\"[EMAIL]\"\n");
        assertThat(reported()).isEqualTo("email\t2\nfield\t1\nip\t1\n");
        assertThat(code).isZero();
    }

    @Test
    void aLineThatIsNotJsonIsRefusedWithoutItsText() {
        int code = run("{\"m\":1}\nplain jane@example.com\n{\"m\":2}\n");
        assertThat(printed()).isEqualTo("{\"m\":1}\n{\"m\":2}\n");
        assertThat(reported()).isEqualTo("{\"error\":{\"code\":\"malformed_json\",\"line\":2}}\n");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void readsFilesUnderTheRulesOfAPolicy(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("e.ndjson"), "{\"m\":\"a@b.com\",\"ip\":\"10.1.2.3\"}\n");
        assertThat(run("{\"n\":1}", "--policy", "p.yaml", file.toString(), "-")).isZero();
        assertThat(printed()).matches("\\{\"m\":\"pii:v1:email:cli:[a-z2-7]{20}\",\"ip\":\"10.1.2.3\"}\n\\{\"n\":1}\n");
    }
}
