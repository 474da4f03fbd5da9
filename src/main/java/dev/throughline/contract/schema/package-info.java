/**
 * JSON Schema 2020-12, compiled once and run over a {@link dev.throughline.telemetry.JsonTape} in place.
 *
 * <p><b>Face.</b> {@link dev.throughline.contract.schema.JsonSchema} compiles a schema and validates; {@link
 * dev.throughline.contract.schema.Violations} is the reusable, bounded answer: JSON pointer, keyword and stable code, never a value;
 * {@link dev.throughline.contract.schema.Rule} is the table of keywords and codes; {@link
 * dev.throughline.contract.schema.SchemaException} says what is wrong with a schema, and where; {@link
 * dev.throughline.contract.schema.SchemaText} is for those who compare schemas: what a schema says, references resolved.
 *
 * <p><b>Coverage.</b> All vocabularies of the dialect; {@code $schema} may name a meta-schema of its own if that is at hand. Nothing is
 * ever fetched: a reference reaches the schema itself, the dialect's meta-schemas, and what {@link
 * dev.throughline.contract.schema.SchemaOptions} brings. {@code format} annotates unless asserted by option or by vocabulary.
 *
 * <p><b>Two passes.</b> The first stops at the first failure and knows no locations; only a document that fails is walked again to
 * collect. The first allocates nothing, but for patterns outside the regular subset, formats that need decoding, {@code uniqueItems}
 * over more than a few items, and {@code multipleOf} of long numbers.
 *
 * <p><b>Bounds.</b> {@link dev.throughline.contract.schema.Evaluation#STEPS_MAX} schema applications and comparisons a document, {@link
 * dev.throughline.contract.schema.Evaluation#DEPTH_MAX} nested ones; beyond them the document does not conform ({@code
 * evaluation_budget_exceeded}), whatever stands around the place. Numbers of any exponent are compared without being expanded.
 *
 * <p><b>Threads.</b> A {@code JsonSchema} is immutable; a {@code Violations} belongs to one worker. Source: JSON Schema Core and
 * Validation, 2022-06-16.
 */
@NullMarked
package dev.throughline.contract.schema;

import org.jspecify.annotations.NullMarked;
