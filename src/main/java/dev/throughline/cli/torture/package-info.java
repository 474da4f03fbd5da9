/**
 * {@code throughline torture}: kill -9 at random moments under load, and count what is left.
 *
 * <p>{@link dev.throughline.cli.torture.Shippers} send records that are all different, as shippers do: a request whose connection
 * broke, or that was answered 429 or 503, is sent again with the same body until it is acknowledged. Each record carries its number
 * in its correlation id, so {@link dev.throughline.cli.torture.Ledger} needs a bit a record to know what was acknowledged, and
 * {@link dev.throughline.cli.torture.Tally} a bit a record and destination to know what was found. {@link
 * dev.throughline.cli.torture.Torture} kills and restarts the packaged program, lets it drain, ends it by SIGTERM and counts.
 *
 * <p><b>Words.</b> <i>Lost</i>: acknowledged and not found. <i>Duplicated</i>: found again as another record. <i>Redelivered</i>:
 * found again with the same record id, which at-least-once delivery to Kafka allows. <i>In flight</i>: found though never
 * acknowledged, because the kill came between keeping and answering; allowed.
 *
 * <p>The seed decides what is sent and when it is killed; what a kill hits is up to the machine. All waits are bounded.
 */
@NullMarked
package dev.throughline.cli.torture;

import org.jspecify.annotations.NullMarked;
