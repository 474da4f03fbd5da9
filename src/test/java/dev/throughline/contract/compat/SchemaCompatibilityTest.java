package dev.throughline.contract.compat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.contract.SchemaCatalogue;
import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.SchemaException;
import dev.throughline.contract.schema.SchemaGenerator;
import dev.throughline.contract.schema.SchemaOptions;
import dev.throughline.contract.schema.Violations;
import dev.throughline.telemetry.JsonTape;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaCompatibilityTest {
    private static final String LOG = SchemaCatalogue.LOG;

    private static Compatibility compare(String oldSchema, String newSchema) throws SchemaException {
        return SchemaCompatibility.compare(
                oldSchema.getBytes(UTF_8), newSchema.getBytes(UTF_8), SchemaOptions.CONTRACT);
    }

    private static List<Finding> findings(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Compatible() -> List.of();
            case Verdict.Incompatible(List<Finding> findings, int _) -> findings;
            case Verdict.Undecided(List<Finding> findings, int _) -> findings;
        };
    }

    /** {@code ok}, or {@code !} (refuted) or {@code ?} (undecided) and the codes. */
    private static String told(Verdict verdict) {
        String codes = findings(verdict).stream()
                .map(Finding::code)
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
        return switch (verdict) {
            case Verdict.Compatible _ -> "ok";
            case Verdict.Incompatible _ -> "!" + codes;
            case Verdict.Undecided _ -> "?" + codes;
        };
    }

    /** Old schema, new schema, backward, forward. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"maximum":1000} | {"maximum":100} | !maximum_lowered | ok
            {"maximum":1000} | {} | ok | !maximum_removed
            {"minimum":0} | {"exclusiveMinimum":0} | !exclusive_minimum_raised | ok
            {"minimum":0.5} | {"exclusiveMinimum":0.5} | !exclusive_minimum_raised | ok
            {"type":"integer","exclusiveMinimum":0} | {"type":"integer","minimum":1} | ok | ok
            {"type":"integer","minimum":0.5} | {"type":"integer","minimum":1} | ok | ok
            {"minimum":1,"maximum":1e400} | {"minimum":1} | ok | ?number_not_compared
            {"multipleOf":4} | {"multipleOf":2} | ok | !multiple_of_changed
            {"type":"integer"} | {"type":"number","multipleOf":1} | ok | ok
            {"type":"integer"} | {"type":"number"} | ok | !type_widened
            {"type":["string","null"]} | {"type":"string"} | !type_narrowed | ok
            {"type":["string","null"],"maxLength":5} | {"anyOf":[{"type":"null"},{"type":"string","maxLength":5}]} | ok | ok
            {"enum":["a","b","c"]} | {"enum":["a","b"]} | !enum_narrowed | ok
            {"enum":["a"]} | {"const":"a"} | ok | ok
            {"enum":["a","bb"]} | {"type":"string","maxLength":2} | ok | !enum_removed
            {"enum":[1,2]} | {"enum":[2.0,1e0]} | ok | ok
            {"type":"integer","minimum":1,"maximum":3} | {"enum":[1,2,3]} | ok | ok
            {"const":1} | {"const":2} | !const_changed | !const_changed
            {"minLength":1} | {"minLength":2} | !min_length_raised | ok
            {"maxLength":64} | {"maxLength":64,"type":"string"} | !type_added | ok
            {"type":"string","pattern":"^[a-z]{1,10}$"} | {"type":"string","pattern":"^[a-z0-9]{1,20}$"} | ok | !pattern_changed
            {"type":"string","pattern":"^[a-z]{1,10}$"} | {"type":"string","minLength":1,"maxLength":10} | ok | !pattern_removed
            {"type":"string","maxLength":3} | {"type":"string","pattern":"^.{0,3}$"} | !pattern_added | ok
            {"pattern":"(a)\\\\1"} | {"pattern":"(a)\\\\1"} | ok | ok
            {"pattern":"(a)\\\\1"} | {"pattern":"(b)\\\\1"} | !pattern_changed | ?pattern_changed
            {"pattern":"(?=xyzzy)x"} | {"pattern":"(?=xyzzy)xyz"} | ?pattern_changed | ?pattern_changed
            {"type":"string"} | {"type":"string","format":"uuid"} | !format_added | ok
            {"format":"uri"} | {"format":"uri-reference"} | ok | !format_changed
            {"type":"string"} | {"type":"string","format":"made-up","contentEncoding":"base64"} | ok | ok
            {"required":["a"]} | {"required":["b","a"]} | !required_added | ok
            {"required":["a","b"]} | {"minProperties":2} | ok | !required_removed
            {"properties":{"a":{"type":"string"}}} | {} | ok | !type_removed
            {"properties":{"a":{}},"additionalProperties":false} | {"properties":{"a":{}}} | ok | !property_opened
            {"properties":{"a":{}}} | {"properties":{"a":false}} | !property_forbidden | ok
            {"properties":{"a":{},"b":{}},"additionalProperties":false} | {"properties":{"a":{}},"additionalProperties":false} | !property_closed | ok
            {"properties":{"a":{}},"additionalProperties":false} | {"maxProperties":1} | ok | !property_opened
            {"properties":{"ab":{"type":"string"}},"additionalProperties":false} | {"patternProperties":{"^a":{"type":"string"}},"additionalProperties":false} | ok | !property_opened
            {"patternProperties":{"^a":{"type":"string"}}} | {"properties":{"ab":{"type":"string"}}} | ok | !type_removed
            {"additionalProperties":{"type":"string"}} | {"properties":{"a":{"type":"string"}}} | ok | !type_removed
            {"patternProperties":{"^[a-f]$":{"type":"integer"}},"additionalProperties":false} | {"propertyNames":{"maxLength":1},"additionalProperties":{"type":"integer"}} | ok | !property_opened
            {"propertyNames":{"maxLength":8}} | {"propertyNames":{"maxLength":4}} | !max_length_lowered | ok
            {"dependentRequired":{"a":["b"]}} | {"dependentRequired":{"a":["b","c"]}} | !dependent_required_added | ok
            {"required":["b"]} | {"dependentRequired":{"a":["b"]}} | ok | !required_removed
            {"dependentSchemas":{"a":{"required":["b"]}}} | {"dependentRequired":{"a":["b"]}} | ok | ok
            {"minProperties":1} | {"minProperties":2} | !min_properties_raised | ok
            {"items":{"type":"integer"}} | {"items":{"type":"number"}} | ok | !type_widened
            {"prefixItems":[{"type":"string"}],"items":false} | {"items":{"type":"string"},"maxItems":1} | ok | ok
            {"prefixItems":[{"type":"string"}]} | {"prefixItems":[{"type":"string"},{"type":"null"}]} | !type_added | ok
            {"minItems":1,"maxItems":4} | {"minItems":2,"maxItems":3} | !max_items_lowered min_items_raised | ok
            {"uniqueItems":true} | {} | ok | !unique_items_removed
            {"contains":{"const":1}} | {"contains":{"type":"integer"}} | ok | !contains_changed
            {"items":{"const":1},"minItems":1} | {"contains":{"type":"integer"}} | ok | !const_removed
            {"contains":{"const":1},"maxContains":1} | {"contains":{"const":1},"maxContains":2} | ok | !max_contains_changed
            {"anyOf":[{"type":"string"},{"type":"integer"}]} | {"anyOf":[{"type":"integer"},{"type":"null"},{"type":"string"}]} | ok | !any_of_widened
            {"anyOf":[{"maximum":1},{"maximum":2},{"maximum":9}]} | {"anyOf":[{"maximum":2},{"maximum":-5}]} | !any_of_narrowed | ok
            {"oneOf":[{"required":["a"]},{"required":["b"]}]} | {"oneOf":[{"required":["b"]},{"required":["a"]}]} | ok | ok
            {"oneOf":[{"required":["a"]},{"required":["b"]}]} | {"anyOf":[{"required":["a"]},{"required":["b"]}]} | ok | !one_of_changed
            {"oneOf":[{"type":"object","properties":{"k":{"const":1}},"required":["k"]},{"type":"string"}]} | {"oneOf":[{"type":"object","properties":{"k":{"const":1}},"required":["k"]},{"type":"object","properties":{"k":{"const":2}},"required":["k"]},{"type":"string"}]} | ok | !const_removed required_removed
            {"not":{"const":"x"}} | {"not":{"enum":["x","y"]}} | !not_changed | ok
            {"not":{"type":"string"}} | {"type":["null","boolean","number","array","object"]} | ok | ok
            {"allOf":[{"minimum":1},{"maximum":3}]} | {"minimum":0,"maximum":3} | ok | !minimum_lowered
            {"minimum":1,"maximum":3} | {"allOf":[{"minimum":1},{"maximum":2.5}]} | !maximum_lowered | ok
            {"if":{"required":["a"]},"then":{"required":["b"]}} | {"dependentRequired":{"a":["b"]}} | ok | ok
            {"if":{"properties":{"k":{"enum":["x"]}},"required":["k"]},"then":{"required":["b"]}} | {"if":{"properties":{"k":{"enum":["x","y"]}},"required":["k"]},"then":{"required":["b"]}} | !required_added | ok
            {"allOf":[{"properties":{"a":{}}}],"properties":{"b":{}},"unevaluatedProperties":false} | {"properties":{"a":{},"b":{},"c":{}},"additionalProperties":false} | ok | !property_opened
            {"anyOf":[{"properties":{"a":{}}},{"type":"object"}],"unevaluatedProperties":false} | {"properties":{"a":false}} | !property_forbidden | !property_opened
            {"properties":{"a":{}},"additionalProperties":false} | {"anyOf":[{"properties":{"a":{}},"required":["z"]},{}],"unevaluatedProperties":false} | !property_closed | ok
            {"prefixItems":[{}],"unevaluatedItems":false} | {"maxItems":1} | ok | ok
            {"contains":{"type":"integer"},"minContains":0,"unevaluatedItems":false} | {"maxItems":0} | !max_items_added | ok
            {"$defs":{"x":{"type":"string"}},"$ref":"#/$defs/x"} | {"type":"string","title":"T","examples":["e"],"default":1,"$comment":"c"} | ok | ok
            false | {"type":"string"} | ok | !value_allowed
            true | {} | ok | ok
            """)
    void aChangeIsToldByDirection(String oldSchema, String newSchema, String backward, String forward)
            throws Exception {
        Compatibility found = compare(oldSchema, newSchema);
        assertThat(told(found.backward())).isEqualTo(backward);
        assertThat(told(found.forward())).isEqualTo(forward);
        assertThat(told(compare(newSchema, oldSchema).forward()).charAt(0)).isEqualTo(backward.charAt(0));
    }

    @Test
    void aFindingNamesBothPlacesTheBoundsAndARecordThatShowsIt() throws Exception {
        String before = "{\"properties\":{\"attempt\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000}}}";
        Finding finding = findings(
                        compare(before, before.replace("1000", "100")).backward())
                .getFirst();
        assertThat(finding.instancePointer()).isEqualTo("/attempt");
        assertThat(finding.schemaPointer()).isEqualTo("/properties/attempt/maximum");
        assertThat(finding.keyword()).isEqualTo("maximum");
        assertThat(finding.code()).isEqualTo("maximum_lowered");
        assertThat(finding.reason()).isEqualTo("1000 → 100");
        assertThat(finding.counterexample()).isEqualTo(new Finding.Counterexample("{\"attempt\":101}", 15));
    }

    @Test
    void aMemberThatIsNamedForTheFirstTimeWasAnythingBefore() throws Exception {
        Compatibility found = compare("{}", "{\"properties\":{\"a\":{\"type\":\"string\"}}}");
        assertThat(findings(found.backward()).getFirst().reason()).isEqualTo("string (a member that was not named)");
        assertThat(found.forward()).isEqualTo(new Verdict.Compatible());
    }

    @Test
    void aSchemaIsCompatibleWithItselfWhateverItSays() throws Exception {
        for (long seed = 0; seed < 200; seed++) {
            String schema = new SchemaGenerator(seed).root();
            String retold = "{\"title\":\"again\"," + schema.substring(1);
            assertThat(compare(schema, schema)).as(schema).isEqualTo(both(new Verdict.Compatible()));
            assertThat(compare(schema, retold)).as(retold).isEqualTo(both(new Verdict.Compatible()));
        }
    }

    private static Compatibility both(Verdict verdict) {
        return new Compatibility(verdict, verdict);
    }

    // ---- the product's own schemas

    private static String builtIn(String name) {
        return new String(SchemaCatalogue.builtIn().source(name), UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {SchemaCatalogue.LOG, SchemaCatalogue.SPAN, SchemaCatalogue.METRIC})
    void aBuiltInSchemaIsCompatibleWithItselfAndWithWhatHasOtherWords(String name) throws Exception {
        String schema = builtIn(name);
        assertThat(compare(schema, schema)).isEqualTo(both(new Verdict.Compatible()));
        String reworded = schema.replaceFirst("\"description\": \"", "\"description\": \"Once more: ")
                .replaceFirst("\"type\"", "\"\\$comment\": \"none\", \"type\"");
        assertThat(compare(schema, reworded)).isEqualTo(both(new Verdict.Compatible()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "maximum": 1000 | "maximum": 100 | !maximum_lowered | ok
            "maximum": 1000 | "maximum": 5000 | ok | !maximum_raised
            "TRACE", | | !enum_narrowed | ok
            "TRACE", | "TRACE", "NOTICE", | ok | !enum_widened
            "FATAL"] | "FATAL", "WARN"] | !required_added type_narrowed | ok
            {0,99}$ | {0,199}$ | ok | !pattern_changed
            "service": {"type": ["string","null"] | "service": {"type": "string" | !type_narrowed | ok
            "event_name","attempt"] | "event_name","attempt","service"] | !required_added | ok
            "maxItems": 32 | "maxItems": 16 | !max_items_lowered | ok
            "required": ["before","after"] | "required": ["before"] | ok | !required_removed
            "maxLength": 8192}}} | "maxLength": 10}}} | !max_length_lowered | ok
            "format": "date-time", | | ok | !format_removed
            {"$ref": "#/$defs/extension1"} | false | !property_closed | ok
            """)
    void anEditOfTheLogContractIsToldByDirection(String what, String by, String backward, String forward)
            throws Exception {
        String schema = builtIn(LOG).replaceAll("\\s*\n\\s*", "").replaceAll(",\"", ",\"");
        assertThat(schema).contains(what);
        int at = schema.lastIndexOf(what);
        String edited = schema.substring(0, at) + (by == null ? "" : by) + schema.substring(at + what.length());
        Compatibility found = compare(schema, edited);
        assertThat(told(found.backward())).isEqualTo(backward);
        assertThat(told(found.forward())).isEqualTo(forward);
    }

    @Test
    void anExtensionAdmitsNoMoreThanItsBase() throws Exception {
        String extension = """
                {"allOf":[{"$ref":"urn:throughline:schema:integration-log/v1"},
                  {"required":["order"],"properties":{"order":{"type":"string"}}}]}""";
        SchemaOptions options = SchemaCatalogue.builtIn().options();
        Compatibility found =
                SchemaCompatibility.compare(builtIn(LOG).getBytes(UTF_8), extension.getBytes(UTF_8), options);
        assertThat(told(found.backward())).isEqualTo("!required_added type_added");
        assertThat(found.forward()).isEqualTo(new Verdict.Compatible());
    }

    // ---- references in circles

    private static final String TREE = """
            {"$ref":"#/$defs/node","$defs":{"node":{"type":"object","required":["value"],"additionalProperties":false,
              "properties":{"value":{"type":"integer"},"children":{"type":"array","items":{"$ref":"#/$defs/node"}}}}}}""";

    @Test
    void aTreeIsComparedAllTheWayDown() throws Exception {
        String elsewhere = TREE.replace("#/$defs/node", "#/$defs/n2").replace("\"node\":", "\"n2\":");
        assertThat(compare(TREE, elsewhere)).isEqualTo(both(new Verdict.Compatible()));
        Compatibility wider = compare(TREE, TREE.replace("integer", "number"));
        assertThat(wider.backward()).isEqualTo(new Verdict.Compatible());
        assertThat(told(wider.forward())).isEqualTo("!type_widened");
        Compatibility unrolled =
                compare(TREE, TREE.replace("\"children\":{", "\"left\":{\"$ref\":\"#/$defs/node\"},\"children\":{"));
        assertThat(unrolled.backward()).isEqualTo(new Verdict.Compatible());
        assertThat(told(unrolled.forward())).isEqualTo("!property_opened");
    }

    @Test
    void whatHeldOnlyWithinAnAssumptionThatFailedIsNotTakenForProved() throws Exception {
        String defs =
                "\"$defs\":{\"a\":{\"type\":\"object\",\"properties\":{\"x\":{\"$ref\":\"#/$defs/b\"},\"y\":{\"type\":\"integer\"}}},"
                        + "\"b\":{\"type\":\"object\",\"properties\":{\"back\":{\"$ref\":\"#/$defs/a\"}}}";
        String before =
                "{\"properties\":{\"p\":{\"$ref\":\"#/$defs/a\"},\"q\":{\"$ref\":\"#/$defs/b\"}}," + defs + "}}";
        // One of the branches fails after it was proved that its "x" conforms, were the branch to hold.
        String after = before.replace("integer", "string")
                .replace(
                        "\"p\":{\"$ref\":\"#/$defs/a\"}",
                        "\"p\":{\"anyOf\":[{\"$ref\":\"#/$defs/a\"},{\"maxProperties\":99},{}]}");
        Verdict backward = compare(before, after).backward();
        assertThat(findings(backward)).extracting(Finding::instancePointer).contains("/q/back/y");
        assertThat(backward).isInstanceOf(Verdict.Incompatible.class);
    }

    @Test
    void whatNoFiniteValueSatisfiesAdmitsNothing() throws Exception {
        String endless = "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"$ref\":\"#\"}}}";
        assertThat(compare(endless, "false")).isEqualTo(both(new Verdict.Compatible()));
    }

    @Test
    void aDynamicReferenceThatCanOnlyLeadToOnePlaceIsAReference() throws Exception {
        String dynamic = TREE.replace("\"type\":\"object\"", "\"$dynamicAnchor\":\"node\",\"type\":\"object\"")
                .replace("\"items\":{\"$ref\":\"#/$defs/node\"}", "\"items\":{\"$dynamicRef\":\"#node\"}");
        assertThat(compare(TREE, dynamic)).isEqualTo(both(new Verdict.Compatible()));
    }

    @Test
    void aReferenceThatDependsOnTheWayIsUndecidedUnlessNothingChanged() throws Exception {
        String meta = "{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}";
        assertThat(compare(meta, meta)).isEqualTo(both(new Verdict.Compatible()));
        Compatibility found = compare(meta, meta.replace("{", "{\"maxProperties\":3,"));
        assertThat(told(found.backward())).isEqualTo("?dynamic_reference");
        assertThat(told(found.forward())).isEqualTo("?dynamic_reference");
    }

    // ---- bounds

    @Test
    void thousandsOfSchemasAreComparedWithinTheBounds() throws Exception {
        String large = IntStream.range(0, 4_000)
                .mapToObj(i -> "\"p" + i + "\":{\"type\":[\"string\",\"null\"],\"maxLength\":" + (i + 1) + "}")
                .collect(Collectors.joining(
                        ",", "{\"type\":\"object\",\"properties\":{", "},\"additionalProperties\":false}"));
        assertThat(compare(large, "{\"title\":\"x\"," + large.substring(1))).isEqualTo(both(new Verdict.Compatible()));
        Compatibility found = compare(large, large.replace("\"maxLength\":4000}", "\"maxLength\":5000}"));
        assertThat(found.backward()).isEqualTo(new Verdict.Compatible());
        assertThat(told(found.forward())).isEqualTo("!max_length_raised");
    }

    @Test
    void whatIsBeyondTheBoundsIsUndecided() throws Exception {
        String cases = IntStream.range(0, 14)
                .mapToObj(i -> "{\"anyOf\":[{\"required\":[\"a" + i + "\"]},{\"required\":[\"b" + i
                        + "\"]},{\"required\":[\"c" + i + "\"]}]}")
                .collect(Collectors.joining(","));
        String before = "{\"type\":\"object\",\"allOf\":[" + cases + "]}";
        String after = "{\"type\":\"object\",\"minProperties\":14}";
        Verdict backward = compare(before, after).backward();
        assertThat(backward).isInstanceOf(Verdict.Undecided.class);
        String many = IntStream.range(0, ShapeReader.SHAPES_MAX)
                .mapToObj(i -> "{}")
                .collect(Collectors.joining(",", "{\"allOf\":[", "]}"));
        assertThat(told(compare(many, "{}").backward())).isEqualTo("?work_bound_exceeded");
    }

    @Test
    void whatTheValidatorItselfGivesUpOnDoesNotHoldTheComparisonUp() throws Exception {
        // Each one applies the next one twice: the whole is a million million applications.
        String doubled = IntStream.range(0, 40)
                .mapToObj(i -> "\"d" + i + "\":{\"allOf\":[{\"$ref\":\"#/$defs/d" + (i + 1)
                        + "\"},{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}]}")
                .collect(Collectors.joining(","));
        String before = "{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + doubled + ",\"d40\":{\"type\":\"object\"}}}";
        Compatibility found = compare(before, before.replace("\"object\"", "\"object\",\"maxProperties\":3"));
        assertThat(found.backward()).isInstanceOf(Verdict.Undecided.class);
        assertThat(found.forward()).isEqualTo(new Verdict.Compatible());
    }

    @Test
    void findingsAreBoundedAndTheRestIsCounted() throws Exception {
        String names = IntStream.range(0, 60)
                .mapToObj(i -> "\"p" + i + "\":{\"type\":\"string\"}")
                .collect(Collectors.joining(","));
        Verdict verdict = compare("{}", "{\"properties\":{" + names + "}}").backward();
        assertThat(findings(verdict)).hasSize(SchemaCompatibility.FINDINGS_MAX);
        assertThat(((Verdict.Incompatible) verdict).omitted()).isEqualTo(10);
    }

    @Test
    void aLongCounterexampleIsCountedNotShown() throws Exception {
        Finding finding =
                findings(compare("{}", "{\"maxLength\":2000}").backward()).getFirst();
        assertThat(finding.counterexample()).isEqualTo(new Finding.Counterexample(null, 2_003));
    }

    @Test
    void whatIsNoSchemaIsRefused() {
        assertThatThrownBy(() -> compare("{}", "{\"type\":1}"))
                .isInstanceOfSatisfying(
                        SchemaException.class, e -> assertThat(e.code()).isEqualTo("malformed_keyword"));
    }

    @Test
    void eachCounterexampleOfTheTableWasTriedByTheValidatorItself() throws Exception {
        String before = builtIn(LOG);
        String after = before.replace("\"maximum\": 1000", "\"maximum\": 10").replace("\"TRACE\",", "");
        JsonTape tape = new JsonTape();
        for (Finding finding : findings(compare(before, after).backward())) {
            tape.parseWhole(String.valueOf(finding.counterexample().json()).getBytes(UTF_8));
            assertThat(JsonSchema.compile(before.getBytes(UTF_8), SchemaOptions.CONTRACT)
                            .validate(tape, 0, new Violations()))
                    .isTrue();
            Violations broken = new Violations();
            assertThat(JsonSchema.compile(after.getBytes(UTF_8), SchemaOptions.CONTRACT)
                            .validate(tape, 0, broken))
                    .isFalse();
            assertThat(broken.keyword(0)).isEqualTo(finding.keyword());
        }
    }
}
