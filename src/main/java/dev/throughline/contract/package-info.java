/**
 * The contract: what a record must look like, and the one id that it is followed by.
 *
 * <p>{@link dev.throughline.contract.SchemaCatalogue} holds the schemas by name and version: {@code integration-log/v1}, {@code
 * integration-span/v1} and {@code integration-metric/v1}, which ship as resources, and those that a policy adds. {@code
 * contract.schema} compiles and runs them over the parsed record, {@code contract.pattern} and {@code contract.format} are its
 * regular expressions and formats; for documents of one shape a {@link dev.throughline.contract.schema.SchemaPlan} asks only what texts
 * and numbers decide. {@code contract.compat} compares two versions of a schema before one is released (L3). {@link dev.throughline.contract.CorrelationIds} is the correlation standard (K1, K2), {@link
 * dev.throughline.contract.TraceJoins} joins by trace id (K5), {@link dev.throughline.contract.LogFields} finds a log's fields,
 * {@link dev.throughline.contract.Normalization} writes timestamp and tenant in their one form, {@link
 * dev.throughline.contract.SpanAttributes} says what a span lacks (T2).
 *
 * <p>Pure: no I/O after start, no clock of its own, no protocol. Compiled schemas are immutable and shared by all workers; a {@link
 * dev.throughline.contract.schema.Violations} belongs to one. A verdict names pointer, keyword and code, never the value.
 */
@NullMarked
package dev.throughline.contract;

import org.jspecify.annotations.NullMarked;
