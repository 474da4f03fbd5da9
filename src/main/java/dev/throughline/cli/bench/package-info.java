/**
 * {@code throughline bench}: what the packaged program costs, measured from outside.
 *
 * <p>{@link dev.throughline.cli.bench.Bench} starts a fresh process and data directory for each {@link
 * dev.throughline.cli.bench.Row}, on one core, and loads it from the other. The counted part starts after the warm-up has arrived
 * at the row's destination and ends when every acknowledged event is counted there. Costs are CPU time of the process, all
 * threads, in seconds per million events and in token walks: {@link dev.throughline.cli.bench.TokenWalk} is the CPU time of one
 * Jackson 2 {@code JsonParser} over the same bytes on the same core, before and after the rows, the median of all.
 *
 * <p><b>Errors.</b> A row that cannot run says why in its place and the others go on; a row whose destination lacks an
 * acknowledged event is a failure of the whole run. Missing a target is not.
 *
 * <p>All waits are bounded; only processes and directories that the run made are ended and deleted.
 */
@NullMarked
package dev.throughline.cli.bench;

import org.jspecify.annotations.NullMarked;
