/**
 * What a record must be. {@link dev.throughline.contract.SchemaCatalogue} holds the schemas by name and version: {@code
 * integration-log/v1}, {@code integration-span/v1} and {@code integration-metric/v1}, which ship as resources, and those that a policy
 * adds. {@code contract.schema} compiles and runs them over the parsed record, {@code contract.pattern} and {@code contract.format} are
 * its regular expressions and formats.
 *
 * <p>Pure: no I/O after start, no clock, no protocol. Compiled schemas are immutable and shared by all workers; a {@link
 * dev.throughline.contract.schema.Violations} belongs to one. A verdict names pointer, keyword and code, never the value.
 */
@NullMarked
package dev.throughline.contract;

import org.jspecify.annotations.NullMarked;
