/**
 * Load that looks like integrations: events, the forms they travel in, and a client that sends them.
 *
 * <p><b>Shapes.</b> {@link dev.throughline.cli.load.ReferenceEvents} is a pure function from (seed, moment, index) to an {@link
 * dev.throughline.cli.load.Event}; {@link dev.throughline.cli.load.WireForm} renders events as NDJSON, OTLP protobuf logs, OTLP
 * JSON logs or OTLP protobuf spans into a {@link dev.throughline.cli.load.RequestBody}; {@link
 * dev.throughline.cli.load.Connection} is one kept-alive HTTP/1.1 connection; {@link dev.throughline.cli.load.LoadClient} drives
 * several, as fast as answers come or at an offered rate; {@link dev.throughline.cli.load.DemoTraffic} plays CRM-to-ERP journeys.
 *
 * <p><b>Units.</b> Times in milliseconds since the epoch or nanoseconds of the monotonic clock, as the name says. Latency at an
 * offered rate counts from the moment a request was due, so that a stalled server cannot hide its stall.
 *
 * <p><b>Errors.</b> A broken connection is an {@link java.io.IOException} of {@code Connection}; the client counts it and sends
 * the same body again, as shippers do. Nothing of a body is ever printed.
 *
 * <p><b>Threads.</b> Events and bodies are immutable and shared; a connection belongs to one thread; counters are safe to read
 * from any.
 *
 * <p><b>Sources.</b> Log schema: requirements, section L. Field numbers: OTLP 1.9 (opentelemetry-proto). ULID: its specification,
 * Crockford base 32. Card check: ISO/IEC 7812-1 (Luhn); IBAN check: ISO 13616 (mod 97).
 */
@NullMarked
package dev.throughline.cli.load;

import org.jspecify.annotations.NullMarked;
