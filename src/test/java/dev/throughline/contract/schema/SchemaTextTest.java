package dev.throughline.contract.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SchemaTextTest {
    private static SchemaText read(String json) throws SchemaException {
        return SchemaText.read(json.getBytes(UTF_8), SchemaOptions.CONTRACT);
    }

    @Test
    void aReferenceLeadsToThePlaceThatItNames() throws Exception {
        SchemaText root = read("{\"$ref\":\"#x\",\"$defs\":{\"a/b\":{\"$anchor\":\"x\",\"maxLength\":3}}}");
        SchemaText target = Objects.requireNonNull(root.reference("$ref"));
        assertThat(target.pointer()).isEqualTo("/$defs/a~1b");
        assertThat(target.count("maxLength", -1)).isEqualTo(3);
        assertThat(target).isEqualTo(Objects.requireNonNull(root.reference("$ref")));
        assertThat(root.reference("$dynamicRef")).isNull();
    }

    @Test
    void onlyWhatAssertsInTheDialectIsFound() throws Exception {
        String dialect = "{\"$vocabulary\":{\"https://json-schema.org/draft/2020-12/vocab/applicator\":true}}";
        SchemaText schema = SchemaText.read(
                "{\"$schema\":\"http://d\",\"maxLength\":3,\"items\":true,\"unevaluatedItems\":false}".getBytes(UTF_8),
                new SchemaOptions(true, Map.of("http://d", dialect.getBytes(UTF_8))));
        assertThat(schema.find("maxLength")).isEqualTo(-1);
        assertThat(schema.find("unevaluatedItems")).isEqualTo(-1);
        assertThat(schema.schema("items")).isNotNull();
    }

    @Test
    void aDynamicReferenceIsOneWhereItMayLeadElsewhere() throws Exception {
        String list = "\"$dynamicAnchor\":\"t\",\"items\":{\"$dynamicRef\":\"#t\"}";
        SchemaText alone = read("{" + list + "}");
        assertThat(Objects.requireNonNull(alone.schema("items")).isDynamic()).isFalse();
        SchemaText two = read("{" + list + ",\"$defs\":{\"o\":{\"$id\":\"o\",\"$dynamicAnchor\":\"t\"}}}");
        assertThat(Objects.requireNonNull(two.schema("items")).isDynamic()).isTrue();
    }

    @Test
    void twoAreTheSameWhateverTheOrderOfTheirMembers() throws Exception {
        assertThat(read("{\"minimum\":1,\"enum\":[1]}").isSameAs(read("{ \"enum\":[1.0], \"minimum\":1 }")))
                .isTrue();
        assertThat(read("{\"minimum\":1}").isSameAs(read("{\"minimum\":2}"))).isFalse();
    }
}
