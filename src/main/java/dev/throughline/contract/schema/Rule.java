package dev.throughline.contract.schema;

/** Every way not to conform: the keyword that was broken and the stable code a sender sees. */
public enum Rule {
    TYPE("type", "wrong_type"),
    ENUM("enum", "not_in_enum"),
    CONST("const", "not_the_constant"),
    MULTIPLE_OF("multipleOf", "not_a_multiple"),
    MINIMUM("minimum", "out_of_range"),
    MAXIMUM("maximum", "out_of_range"),
    EXCLUSIVE_MINIMUM("exclusiveMinimum", "out_of_range"),
    EXCLUSIVE_MAXIMUM("exclusiveMaximum", "out_of_range"),
    MIN_LENGTH("minLength", "too_short"),
    MAX_LENGTH("maxLength", "too_long"),
    PATTERN("pattern", "pattern_mismatch"),
    /** The search was given up; also where the pattern stands under {@code not} or {@code patternProperties}. */
    PATTERN_BUDGET("pattern", "pattern_budget_exceeded"),
    FORMAT("format", "format_mismatch"),
    MIN_ITEMS("minItems", "too_few_items"),
    MAX_ITEMS("maxItems", "too_many_items"),
    UNIQUE_ITEMS("uniqueItems", "duplicate_items"),
    CONTAINS("contains", "missing_item"),
    MIN_CONTAINS("minContains", "missing_item"),
    MAX_CONTAINS("maxContains", "too_many_matching_items"),
    ITEMS("items", "unexpected_item"),
    UNEVALUATED_ITEMS("unevaluatedItems", "unexpected_item"),
    /** Its pointer is that of the member that is missing. */
    REQUIRED("required", "missing_field"),
    /** Its pointer is that of the member that is missing. */
    DEPENDENT_REQUIRED("dependentRequired", "missing_field"),
    MIN_PROPERTIES("minProperties", "too_few_fields"),
    MAX_PROPERTIES("maxProperties", "too_many_fields"),
    PROPERTY_NAMES("propertyNames", "bad_field_name"),
    ADDITIONAL_PROPERTIES("additionalProperties", "unknown_field"),
    UNEVALUATED_PROPERTIES("unevaluatedProperties", "unknown_field"),
    ANY_OF("anyOf", "no_alternative_matches"),
    ONE_OF("oneOf", "no_alternative_matches"),
    ONE_OF_SEVERAL("oneOf", "several_alternatives_match"),
    NOT("not", "forbidden_match"),
    /** A schema that is {@code false}. */
    FALSE("false", "not_allowed"),
    EVALUATION_BUDGET("$ref", "evaluation_budget_exceeded");

    private final String keyword;
    private final String code;

    Rule(String keyword, String code) {
        this.keyword = keyword;
        this.code = code;
    }

    public String keyword() {
        return keyword;
    }

    public String code() {
        return code;
    }
}
