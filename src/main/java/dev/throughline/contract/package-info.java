/**
 * The contract: what a record must look like, and the one id it is followed by. Pure: no I/O, no clock of its own.
 *
 * <p>{@link dev.throughline.contract.CorrelationIds} is the correlation standard (K1, K2), {@link
 * dev.throughline.contract.TraceJoins} joins by trace id (K5), {@link dev.throughline.contract.LogFields} finds a log's fields,
 * {@link dev.throughline.contract.Normalization} writes timestamp and tenant in their one form.
 */
@NullMarked
package dev.throughline.contract;

import org.jspecify.annotations.NullMarked;
