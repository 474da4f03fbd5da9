package dev.throughline.contract.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.throughline.telemetry.JsonTape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Generated schemas and instances: the compiled form and the library give the same verdict.
 */
class DifferentialTest {
    private static final int SEEDS = 200;
    private static final int SCHEMAS_A_SEED = 10;
    private static final int INSTANCES_A_SCHEMA = 8;

    @Test
    void theCompiledFormAndTheLibraryAgree() throws Exception {
        Long one = Long.getLong("seed");
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        JsonTape tape = new JsonTape();
        Violations violations = new Violations();
        int valid = 0;
        int pairs = 0;
        List<String> differences = new ArrayList<>();
        for (long seed : one != null
                ? new long[] {one}
                : IntStream.range(0, SEEDS).asLongStream().toArray()) {
            for (int i = 0; i < SCHEMAS_A_SEED; i++) {
                SchemaGenerator generator = new SchemaGenerator(seed * SCHEMAS_A_SEED + i);
                String schema = generator.root();
                JsonSchema compiled = JsonSchema.compile(schema.getBytes(UTF_8), SchemaOptions.ANNOTATING);
                Schema library = registry.getSchema(schema, InputFormat.JSON);
                for (int j = 0; j < INSTANCES_A_SCHEMA; j++) {
                    String instance = generator.value(0);
                    tape.parseWhole(instance.getBytes(UTF_8));
                    boolean ours = compiled.validate(tape, 0, violations);
                    assertThat(violations.isEmpty()).isEqualTo(ours);
                    boolean theirs =
                            library.validate(instance, InputFormat.JSON).isEmpty();
                    pairs++;
                    valid += ours ? 1 : 0;
                    if (ours != theirs) {
                        differences.add("seed " + seed + " ours " + ours + "\n  " + schema + "\n  " + instance);
                    }
                }
            }
        }
        assertThat(differences).isEmpty();
        if (one == null) {
            assertThat(pairs).isEqualTo(SEEDS * SCHEMAS_A_SEED * INSTANCES_A_SCHEMA);
            assertThat(valid).isBetween(pairs / 5, pairs * 4 / 5);
        }
    }
}
