package dev.throughline.contract.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.telemetry.JsonTape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemaTest {
    private final JsonTape tape = new JsonTape();
    private final Violations violations = new Violations();

    private boolean validate(JsonSchema schema, String json) throws Exception {
        tape.parseWhole(json.getBytes(UTF_8));
        return schema.validate(tape, 0, violations);
    }

    private boolean validate(String schema, String json) throws Exception {
        return validate(JsonSchema.compile(schema.getBytes(UTF_8), SchemaOptions.CONTRACT), json);
    }

    private List<String> violations() {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < violations.count(); i++) {
            found.add(violations.pointer(i) + " " + violations.keyword(i) + " " + violations.code(i));
        }
        return found;
    }

    /** Schema, conforming instance, failing instance, what the failing one breaks. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"type":"integer"} | 1.0 | 1.5 | ` type wrong_type`
                    {"type":["string","null"]} | null | 1 | ` type wrong_type`
                    {"enum":["a",1,{"x":[1.0]}]} | {"x":[1]} | "b" | ` enum not_in_enum`
                    {"const":{"a":1,"b":"\\u0041"}} | {"b":"A","a":1e0} | {"a":1} | ` const not_the_constant`
                    {"multipleOf":0.01} | 4.02 | 4.021 | ` multipleOf not_a_multiple`
                    {"minimum":1} | 1e0 | 0.9999 | ` minimum out_of_range`
                    {"maximum":10} | 10 | 1e1000000000 | ` maximum out_of_range`
                    {"exclusiveMinimum":0} | 1e-400 | -0.0 | ` exclusiveMinimum out_of_range`
                    {"exclusiveMaximum":3} | 2.9 | 3 | ` exclusiveMaximum out_of_range`
                    {"minLength":2} | "é😀" | "\\ud83d\\ude00" | ` minLength too_short`
                    {"maxLength":1} | "\\ud83d\\ude00" | "éé" | ` maxLength too_long`
                    {"pattern":"^a+$"} | "aa" | "ab" | ` pattern pattern_mismatch`
                    {"pattern":"^a+$"} | "\\u0061" | "\\u0062" | ` pattern pattern_mismatch`
                    {"format":"uuid"} | "2eb8aa08-aa98-11ea-b4aa-73b441d16380" | "x" | ` format format_mismatch`
                    {"minItems":1} | [1] | [] | ` minItems too_few_items`
                    {"maxItems":1} | [1] | [1,2] | ` maxItems too_many_items`
                    {"uniqueItems":true} | [1,true,"1",[1]] | [{"a":1,"b":2},{"b":2.0,"a":1}] | ` uniqueItems duplicate_items`
                    {"contains":{"type":"null"}} | [1,null] | [1] | ` contains missing_item`
                    {"contains":{"type":"null"},"minContains":2} | [null,null] | [null] | ` minContains missing_item`
                    {"contains":{"type":"null"},"maxContains":1} | [null] | [null,null] | ` maxContains too_many_matching_items`
                    {"prefixItems":[{"type":"string"}],"items":false} | ["a"] | ["a",1] | `/1 items unexpected_item`
                    {"items":{"type":"string"}} | ["a"] | ["a",1] | `/1 type wrong_type`
                    {"prefixItems":[true],"unevaluatedItems":false} | [1] | [1,2] | `/1 unevaluatedItems unexpected_item`
                    {"properties":{"a":{"type":"string"}}} | {"a":"x"} | {"b":1,"a":1} | `/a type wrong_type`
                    {"properties":{"a":{"type":"string"}}} | {"\\u0061":"x"} | {"\\u0061":1} | `/a type wrong_type`
                    {"properties":{"a":false}} | {} | {"a":1} | `/a false not_allowed`
                    {"patternProperties":{"^x":{"type":"string"}}} | {"x1":""} | {"x1":1} | `/x1 type wrong_type`
                    {"properties":{"a":true},"additionalProperties":false} | {"a":1} | {"b/~":1} | `/b~1~0 additionalProperties unknown_field`
                    {"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false} | {"a":1} | {"b":1} | `/b unevaluatedProperties unknown_field`
                    {"required":["a"]} | {"a":null} | {} | `/a required missing_field`
                    {"dependentRequired":{"a":["b"]}} | {"b":1} | {"a":1} | `/b dependentRequired missing_field`
                    {"dependentSchemas":{"a":{"required":["b"]}}} | {"b":1} | {"a":1} | `/b required missing_field`
                    {"minProperties":1} | {"a":1} | {} | ` minProperties too_few_fields`
                    {"maxProperties":1} | {"a":1} | {"a":1,"b":2} | ` maxProperties too_many_fields`
                    {"propertyNames":{"maxLength":2}} | {"ab":1} | {"abc":1} | `/abc propertyNames bad_field_name`
                    {"allOf":[{"minimum":1},{"maximum":2}]} | 2 | 3 | ` maximum out_of_range`
                    {"anyOf":[{"type":"string"},{"minimum":2}]} | 2 | 1 | ` anyOf no_alternative_matches`
                    {"oneOf":[{"type":"string"},{"minLength":2}]} | "a" | "aa" | ` oneOf several_alternatives_match`
                    {"oneOf":[{"type":"string"},{"type":"null"}]} | null | 1 | ` oneOf no_alternative_matches`
                    {"not":{"type":"string"}} | 1 | "a" | ` not forbidden_match`
                    {"not":{"enum":["a",1]}} | "b" | 1.0 | ` not forbidden_match`
                    {"if":{"minimum":5},"then":{"multipleOf":5},"else":{"maximum":3}} | 10 | 4 | ` maximum out_of_range`
                    {"$ref":"#/$defs/a","$defs":{"a":{"type":"string"}}} | "x" | 1 | ` type wrong_type`
                    {"$ref":"#a","$defs":{"a":{"$anchor":"a","type":"string"}}} | "x" | 1 | ` type wrong_type`
                    {"$id":"http://x/y/","$ref":"z","$defs":{"a":{"$id":"z","type":"string"}}} | "x" | 1 | ` type wrong_type`
                    {"properties":{"a":{"$ref":"#"},"v":{"type":"null"}}} | {"a":{"v":null}} | {"a":{"a":{"v":1}}} | `/a/a/v type wrong_type`
                    true | 1 | |
                    false | | 1 | ` false not_allowed`
                    """)
    void eachKeywordAdmitsAndRefuses(String schema, String conforming, String failing, String expected)
            throws Exception {
        if (conforming != null) {
            assertThat(validate(schema, conforming)).isTrue();
            assertThat(violations.isEmpty()).isTrue();
        }
        if (failing != null) {
            assertThat(validate(schema, failing)).isFalse();
            assertThat(violations()).containsExactly(expected);
        }
    }

    @Test
    void allViolationsAreCollectedUpToTheBoundAndTheRestCounted() throws Exception {
        String schema = "{\"items\":{\"type\":\"string\",\"minLength\":1},\"maxItems\":3}";
        assertThat(validate(schema, "[1,\"\",true,{}]")).isFalse();
        assertThat(violations())
                .containsExactly(
                        " maxItems too_many_items",
                        "/0 type wrong_type",
                        "/1 minLength too_short",
                        "/2 type wrong_type",
                        "/3 type wrong_type");
        Violations two = new Violations(2);
        JsonSchema compiled = JsonSchema.compile(schema.getBytes(UTF_8), SchemaOptions.CONTRACT);
        assertThat(compiled.validate(tape, 0, two)).isFalse();
        assertThat(two.count()).isEqualTo(2);
        assertThat(two.dropped()).isEqualTo(3);
        tape.parseWhole("[]".getBytes(UTF_8));
        assertThat(compiled.validate(tape, 0, two)).isTrue();
        assertThat(two.isEmpty()).isTrue();
        assertThat(two.dropped()).isZero();
    }

    @Test
    void anAnswerCanLeaveOutTheNamesThatTheSenderChose() throws Exception {
        assertThat(validate(
                        "{\"properties\":{\"a\":{\"additionalProperties\":false}}}", "{\"a\":{\"joe@example.com\":1}}"))
                .isFalse();
        assertThat(violations.pointer(0)).isEqualTo("/a/joe@example.com");
        assertThat(violations.safePointer(0)).isEqualTo("/a/*");
        assertThat(violations.toString()).doesNotContain("joe");
    }

    @Test
    void moreThanSixtyFourRequiredMembersAreAllLookedFor() throws Exception {
        StringBuilder required = new StringBuilder();
        StringBuilder instance = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            required.append(i == 0 ? "" : ",").append("\"k").append(i).append('"');
            instance.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":0");
        }
        String schema = "{\"required\":[" + required + "],\"dependentRequired\":{\"k98\":[\"k99\"]}}";
        assertThat(validate(schema, "{" + instance + "}")).isTrue();
        assertThat(validate(schema, "{" + instance.toString().replace(",\"k99\":0", "") + "}"))
                .isFalse();
        assertThat(violations()).containsExactly("/k99 required missing_field", "/k99 dependentRequired missing_field");
    }

    @Test
    void manyItemsAreComparedByValueAndNotEachWithEach() throws Exception {
        StringBuilder items = new StringBuilder("[");
        for (int i = 0; i < 10_000; i++) {
            items.append(i == 0 ? "" : ",").append("{\"n\":").append(i).append(",\"s\":\"x\"}");
        }
        String schema = "{\"uniqueItems\":true}";
        assertThat(validate(schema, items + "]")).isTrue();
        assertThat(validate(schema, items + ",{\"s\":\"\\u0078\",\"n\":7.0}]")).isFalse();
    }

    @Test
    void numbersOfAnySizeAreComparedWithoutBeingExpanded() throws Exception {
        assertThat(validate("{\"maximum\":1e1000000000}", "1e1000000001")).isFalse();
        assertThat(validate("{\"minimum\":1e-1000000000}", "1e-1000000001")).isFalse();
        assertThat(validate("{\"const\":100e999999998}", "1e1000000000")).isTrue();
        assertThat(validate("{\"multipleOf\":3}", "1e1000000000")).isFalse();
        assertThat(validate("{\"multipleOf\":3}", "3e1000000000")).isTrue();
        assertThat(validate("{\"multipleOf\":0.5}", "1e99999999999999999999")).isTrue();
        assertThat(validate("{\"multipleOf\":7}", "7".repeat(900))).isTrue();
        assertThat(validate("{\"multipleOf\":7}", "7".repeat(900) + "1")).isFalse();
        assertThat(validate("{\"type\":\"integer\"}", "1e-1000000000")).isFalse();
        assertThat(validate("{\"type\":\"integer\"}", "0e-1000000000")).isTrue();
        assertThat(validate("{\"type\":\"integer\"}", "12300e-2")).isTrue();
        assertThat(validate("{\"type\":\"integer\"}", "12300e-3")).isFalse();
        assertThat(validate("{\"uniqueItems\":true}", "[1e5,100000.0]")).isFalse();
    }

    @Test
    void aRunawayPatternIsAViolationEvenUnderNot() throws Exception {
        String runaway = "{\"pattern\":\"^(x+x+)+y\\\\b$\"}";
        String text = "\"" + "x".repeat(3_000) + "\"";
        for (String schema : List.of(runaway, "{\"not\":" + runaway + "}", "{\"anyOf\":[" + runaway + ",true]}")) {
            boolean valid = validate(schema, text);
            assertThat(valid).isFalse();
            assertThat(violations()).containsExactly(" pattern pattern_budget_exceeded");
        }
    }

    @Test
    void evaluationThatDoublesAtEachStepIsGivenUp() throws Exception {
        StringBuilder defs = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            String next = "{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}";
            defs.append("\"d")
                    .append(i)
                    .append("\":{\"not\":{\"not\":{\"allOf\":[")
                    .append(next)
                    .append(',')
                    .append(next)
                    .append("]}}},");
        }
        assertThat(validate("{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + defs + "\"d40\":true}}", "1"))
                .isFalse();
        assertThat(violations()).containsExactly(" $ref evaluation_budget_exceeded");
    }

    @Test
    void aDynamicLoopIsGivenUp() throws Exception {
        String schema = "{\"$dynamicAnchor\":\"a\",\"allOf\":[{\"$dynamicRef\":\"#a\"}]}";
        assertThat(validate(schema, "1")).isFalse();
        assertThat(violations()).containsExactly(" $ref evaluation_budget_exceeded");
    }

    // ---- schemas that are refused

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {                                    | malformed_schema | ``
                    1                                    | malformed_schema | ``
                    {"type":"strin"}                     | malformed_keyword | /type
                    {"type":[]}                          | malformed_keyword | /type
                    {"type":["null","null"]}             | malformed_keyword | /type/1
                    {"minLength":-1}                     | malformed_keyword | /minLength
                    {"minLength":1.5}                    | malformed_keyword | /minLength
                    {"minimum":"1"}                      | malformed_keyword | /minimum
                    {"multipleOf":0}                     | malformed_keyword | /multipleOf
                    {"uniqueItems":1}                    | malformed_keyword | /uniqueItems
                    {"required":"a"}                     | malformed_keyword | /required
                    {"required":["a","a"]}               | malformed_keyword | /required/1
                    {"allOf":[]}                         | malformed_keyword | /allOf
                    {"properties":{"a/b":1}}             | malformed_keyword | /properties/a~1b
                    {"items":[true]}                     | malformed_keyword | /items
                    {"pattern":"("}                      | malformed_pattern | /pattern
                    {"patternProperties":{"[":true}}     | malformed_pattern | /patternProperties/[
                    {"$defs":{"a":{"enum":1}}}           | malformed_keyword | /$defs/a/enum
                    {"$ref":"#/nowhere"}                 | unresolvable_reference | /$ref
                    {"not":{"$ref":"http://x/y"}}        | unresolvable_reference | /not/$ref
                    {"$ref":"#nowhere"}                  | unresolvable_reference | /$ref
                    {"$ref":"#"}                         | endless_reference | ``
                    {"anyOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"not":{"$ref":"#"}}}} | endless_reference | ``
                    {"$schema":"http://json-schema.org/draft-07/schema#"} | unsupported_dialect | /$schema
                    {"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}} | duplicate_identifier | /$defs/b/$anchor
                    {"$anchor":"1"}                      | malformed_keyword | /$anchor
                    {"$id":"x#y"}                        | malformed_uri | /$id
                    {"title":1}                          | malformed_keyword | /title
                    """)
    void aBadSchemaIsRefusedWithCodeAndPlace(String schema, String code, String pointer) {
        assertThatThrownBy(() -> JsonSchema.compile(schema.getBytes(UTF_8), SchemaOptions.CONTRACT))
                .isInstanceOfSatisfying(SchemaException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(code);
                    assertThat(refused.pointer()).isEqualTo(pointer);
                    assertThat(refused.getStackTrace()).isEmpty();
                });
    }

    @Test
    void schemasDeeperThanAnyoneWritesAreRefused() {
        String deep = "{\"not\":".repeat(300) + "true" + "}".repeat(300);
        assertThatThrownBy(() -> JsonSchema.compile(deep.getBytes(UTF_8), SchemaOptions.CONTRACT))
                .isInstanceOf(SchemaException.class);
    }

    @Test
    void aLongChainOfReferencesNeedsNoStack() throws Exception {
        StringBuilder defs = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            defs.append("\"d")
                    .append(i)
                    .append("\":{\"properties\":{\"a\":{\"$ref\":\"#/$defs/d")
                    .append(i + 1)
                    .append("\"}}},");
        }
        String schema = "{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + defs + "\"d5000\":false}}";
        assertThat(validate(schema, "{\"a\":{\"a\":1}}")).isTrue();
    }

    // ---- references

    @Test
    void remotesAreReachedByUriAndNothingElse() throws Exception {
        SchemaOptions options = new SchemaOptions(
                true,
                Map.of(
                        "http://x/a.json",
                        "{\"$defs\":{\"s\":{\"$ref\":\"b.json\"}}}".getBytes(UTF_8),
                        "http://x/b.json",
                        "{\"type\":\"string\"}".getBytes(UTF_8)));
        JsonSchema schema = JsonSchema.compile("{\"$ref\":\"http://x/a.json#/$defs/s\"}".getBytes(UTF_8), options);
        assertThat(validate(schema, "\"x\"")).isTrue();
        assertThat(validate(schema, "1")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"string\"}",
                "true",
                "{\"$defs\":{\"a\":{\"not\":{}}}}",
                "{\"items\":{\"required\":[]}}"
            })
    void theMetaSchemaAdmitsSchemas(String schema) throws Exception {
        assertThat(validate("{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}", schema))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "{\"type\":\"strin\"}",
                "{\"$defs\":{\"a\":{\"not\":1}}}",
                "{\"items\":{\"required\":[1]}}",
                "{\"pattern\":\"(\"}",
                "{\"allOf\":[]}",
                "{\"properties\":{\"a\":{\"minLength\":-1}}}"
            })
    void theMetaSchemaRefusesWhatTheCompilerRefuses(String schema) throws Exception {
        assertThat(validate("{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}", schema))
                .isFalse();
        assertThatThrownBy(() -> JsonSchema.compile(schema.getBytes(UTF_8), SchemaOptions.CONTRACT))
                .isInstanceOf(SchemaException.class);
    }

    @Test
    void aDynamicReferenceIsExtendedByTheOutermostSchema() throws Exception {
        SchemaOptions options = new SchemaOptions(
                false,
                Map.of(
                        "http://x/tree",
                        ("{\"$id\":\"http://x/tree\",\"$dynamicAnchor\":\"node\",\"properties\":{\"children\":{\"items\":"
                                        + "{\"$dynamicRef\":\"#node\"}}}}")
                                .getBytes(UTF_8)));
        JsonSchema strict = JsonSchema.compile(
                ("{\"$id\":\"http://x/strict\",\"$dynamicAnchor\":\"node\",\"$ref\":\"tree\","
                                + "\"unevaluatedProperties\":false,\"properties\":{\"data\":true}}")
                        .getBytes(UTF_8),
                options);
        assertThat(validate(strict, "{\"children\":[{\"data\":1}]}")).isTrue();
        assertThat(validate(strict, "{\"children\":[{\"daat\":1}]}")).isFalse();
        assertThat(violations()).containsExactly("/children/0/daat unevaluatedProperties unknown_field");
    }

    @Test
    void formatsAreAssertedOnlyWhereThatIsAsked() throws Exception {
        byte[] schema = "{\"format\":\"ipv4\"}".getBytes(UTF_8);
        assertThat(validate(JsonSchema.compile(schema, SchemaOptions.ANNOTATING), "\"x\""))
                .isTrue();
        assertThat(validate(JsonSchema.compile(schema, SchemaOptions.CONTRACT), "\"x\""))
                .isFalse();
        SchemaOptions vocabulary = new SchemaOptions(
                false,
                Map.of(
                        "http://x/meta",
                        ("{\"$vocabulary\":{\"https://json-schema.org/draft/2020-12/vocab/core\":true,"
                                        + "\"https://json-schema.org/draft/2020-12/vocab/format-assertion\":true}}")
                                .getBytes(UTF_8),
                        "http://x/unknown",
                        "{\"$vocabulary\":{\"http://x/vocabulary\":true}}".getBytes(UTF_8)));
        byte[] asserting = "{\"$schema\":\"http://x/meta\",\"format\":\"ipv4\",\"minLength\":9}".getBytes(UTF_8);
        assertThat(validate(JsonSchema.compile(asserting, vocabulary), "\"x\"")).isFalse();
        assertThat(validate(JsonSchema.compile(asserting, vocabulary), "\"1.2.3.4\""))
                .isTrue();
        assertThatThrownBy(() -> JsonSchema.compile("{\"$schema\":\"http://x/unknown\"}".getBytes(UTF_8), vocabulary))
                .hasMessageContaining("unsupported_vocabulary");
    }

    @Test
    void oneSchemaServesManyWorkersAtOnce() throws Exception {
        JsonSchema schema = JsonSchema.compile(
                "{\"items\":{\"type\":\"integer\",\"maximum\":5}}".getBytes(UTF_8), SchemaOptions.CONTRACT);
        List<Thread> workers = new ArrayList<>();
        java.util.concurrent.atomic.AtomicInteger wrong = new java.util.concurrent.atomic.AtomicInteger();
        for (int worker = 0; worker < 4; worker++) {
            int own = worker;
            workers.add(Thread.ofPlatform().start(() -> {
                try {
                    JsonTape mine = new JsonTape();
                    Violations out = new Violations();
                    for (int i = 0; i < 5_000; i++) {
                        mine.parseWhole(("[" + (i + own) % 8 + "]").getBytes(UTF_8));
                        if (schema.validate(mine, 0, out) != ((i + own) % 8 <= 5)) {
                            wrong.incrementAndGet();
                        }
                    }
                } catch (Exception unexpected) {
                    wrong.incrementAndGet();
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        assertThat(wrong).hasValue(0);
    }
}
