package dev.throughline.contract.compat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.throughline.contract.compat.Finding.Counterexample;
import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.SchemaException;
import dev.throughline.contract.schema.SchemaGenerator;
import dev.throughline.contract.schema.SchemaOptions;
import dev.throughline.contract.schema.SchemaText;
import dev.throughline.contract.schema.Violations;
import dev.throughline.telemetry.JsonTape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Generated schemas and what becomes of them when a keyword is dropped, moved or replaced: nothing that conforms to the one and not to the
 * other may come after "compatible", and each counterexample is one. {@code -Dseed=N} replays one seed,
 * {@code -Dseeds=N} runs as many.
 */
class SchemaCompatibilitySoundnessTest {
    private static final int SEEDS = 200;
    private static final int PAIRS_A_SEED = 6;
    private static final int INSTANCES = 300;

    private final JsonTape tape = new JsonTape();
    private final Violations violations = new Violations();
    private final Map<String, Integer> verdicts = new LinkedHashMap<>();

    private record Pair(byte[] oldText, byte[] newText, JsonSchema oldSchema, JsonSchema newSchema) {}

    @Test
    void nothingThatIsCalledCompatibleIsBrokenByAnInstanceAndEachCounterexampleIsOne() throws Exception {
        Long one = Long.getLong("seed");
        List<String> wrong = new ArrayList<>();
        for (long seed : one != null
                ? new long[] {one}
                : LongStream.range(0, Integer.getInteger("seeds", SEEDS)).toArray()) {
            SchemaGenerator generator = new SchemaGenerator(seed);
            Random random = new Random(seed);
            for (int i = 0; i < PAIRS_A_SEED; i++) {
                Pair pair = pair(generator, random);
                check(pair, generator, "seed " + seed, wrong);
            }
        }
        assertThat(wrong).isEmpty();
        if (one == null && Integer.getInteger("seeds") == null) {
            // So that the test is about something: all answers are given, and more often than not there is one.
            int all = 2 * SEEDS * PAIRS_A_SEED;
            assertThat(verdicts.get("Compatible")).isBetween(all / 5, all);
            assertThat(verdicts.get("Incompatible")).isBetween(all / 5, all);
            assertThat(verdicts.get("Undecided")).isLessThan(all / 8);
        }
    }

    private Pair pair(SchemaGenerator generator, Random random) throws Exception {
        while (true) {
            byte[] oldText = generator.root().getBytes(UTF_8);
            Value changed = value(oldText);
            Value other = value(generator.root().getBytes(UTF_8));
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                changed = new Mutation(random, other).of(changed);
            }
            byte[] newText = changed.json().getBytes(UTF_8);
            try {
                return new Pair(
                        oldText,
                        newText,
                        JsonSchema.compile(oldText, SchemaOptions.CONTRACT),
                        JsonSchema.compile(newText, SchemaOptions.CONTRACT));
            } catch (SchemaException notOne) {
                assertThat(notOne.code()).isNotEmpty();
            }
        }
    }

    private Value value(byte[] json) throws Exception {
        tape.parseWhole(json);
        return Value.of(tape, 0);
    }

    private void check(Pair pair, SchemaGenerator generator, String label, List<String> wrong) throws Exception {
        Compatibility found = SchemaCompatibility.compare(pair.oldText, pair.newText, SchemaOptions.CONTRACT);
        String text =
                label + "\n  old " + new String(pair.oldText, UTF_8) + "\n  new " + new String(pair.newText, UTF_8);
        for (String instance : instances(pair, generator)) {
            boolean byOld = conforms(pair.oldSchema, instance);
            boolean byNew = conforms(pair.newSchema, instance);
            if (byOld != byNew) {
                Direction direction = byOld ? Direction.BACKWARD : Direction.FORWARD;
                if (found.of(direction) instanceof Verdict.Compatible) {
                    wrong.add(direction + " is broken by " + instance + "\n  " + text);
                }
            }
        }
        for (Direction direction : Direction.values()) {
            Verdict verdict = found.of(direction);
            verdicts.merge(verdict.getClass().getSimpleName(), 1, Integer::sum);
            for (Finding finding : findings(verdict)) {
                Counterexample counterexample = finding.counterexample();
                if (counterexample != null && !isOne(counterexample, pair, direction)) {
                    wrong.add(direction + " no counterexample: " + finding + "\n  " + text);
                }
            }
        }
    }

    /** Whatever comes, and what lies at the edge of the one schema towards the other. */
    private static List<String> instances(Pair pair, SchemaGenerator generator) throws Exception {
        List<String> instances = new ArrayList<>();
        for (int i = 0; i < INSTANCES; i++) {
            instances.add(generator.value(0));
        }
        Budget budget = new Budget();
        ShapeReader reader = new ShapeReader(new Trials(budget));
        Shape oldShape = reader.read(SchemaText.read(pair.oldText, SchemaOptions.CONTRACT));
        Shape newShape = reader.read(SchemaText.read(pair.newText, SchemaOptions.CONTRACT));
        Sampler sampler = new Sampler(new ShapeClasses(reader.all()), new Patterns(budget));
        try {
            sampler.values(List.of(oldShape), newShape.closure()).forEach(value -> instances.add(value.json()));
            sampler.values(List.of(newShape), oldShape.closure()).forEach(value -> instances.add(value.json()));
        } catch (Budget.Exhausted enough) {
            assertThat(instances).isNotEmpty();
        }
        return instances;
    }

    private static List<Finding> findings(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Compatible() -> List.of();
            case Verdict.Incompatible(List<Finding> findings, int _) -> findings;
            case Verdict.Undecided(List<Finding> findings, int _) -> findings;
        };
    }

    private boolean isOne(Counterexample counterexample, Pair pair, Direction direction) throws Exception {
        String json = counterexample.json();
        boolean backward = direction == Direction.BACKWARD;
        return json == null
                || (conforms(backward ? pair.oldSchema : pair.newSchema, json)
                        && !conforms(backward ? pair.newSchema : pair.oldSchema, json));
    }

    private boolean conforms(JsonSchema schema, String json) throws Exception {
        tape.parseWhole(json.getBytes(UTF_8));
        return schema.validate(tape, 0, violations);
    }

    /** Changes one place of a schema. */
    private record Mutation(Random random, Value other) {
        Value of(Value value) {
            return switch (value) {
                case Value.Members members when !members.members().isEmpty() -> member(members);
                case Value.Items(List<Value> items)
                when !items.isEmpty() -> {
                    List<Value> changed = new ArrayList<>(items);
                    int at = random.nextInt(items.size());
                    switch (random.nextInt(5)) {
                        case 0 -> changed.remove(at);
                        case 1 -> changed.add(changed.get(at));
                        default -> changed.set(at, of(changed.get(at)));
                    }
                    yield new Value.Items(changed);
                }
                case Value.Word(String json)
                when Character.isDigit(json.charAt(0)) ->
                    new Value.Word(List.of("0", "1", "2", "3", "1.5", "4").get(random.nextInt(6)));
                case Value.Word(String json)
                when json.equals("true") || json.equals("false") ->
                    new Value.Word(json.equals("true") ? "false" : "true");
                case Value.Text(String text)
                when text.length() == 6 && random.nextBoolean() -> new Value.Text("number");
                default -> random.nextBoolean() ? value : Value.Word.TRUE;
            };
        }

        private Value member(Value.Members members) {
            List<String> names = new ArrayList<>(members.members().keySet());
            String name = names.get(random.nextInt(names.size()));
            if (name.equals("$schema")) {
                return members;
            }
            return switch (random.nextInt(8)) {
                case 0 -> members.without(name);
                case 1 ->
                    other instanceof Value.Members(Map<String, Value> others)
                            ? new Value.Members(others)
                                    .with(name, members.members().get(name))
                            : members;
                case 2 -> new Value.Members(Map.of("allOf", new Value.Items(List.of(members))));
                default -> members.with(name, of(members.members().get(name)));
            };
        }
    }
}
