/**
 * The messages of OTLP (specification 1.11, {@code opentelemetry-proto} 1.9) as one table, and the way back from a compact
 * document to the protobuf wire.
 *
 * <p>{@link dev.throughline.telemetry.otlp.OtlpShapes} lists every field of spans, metrics, resources and scopes once: number,
 * lowerCamelCase and original name, type. Ingest reads protobuf and OTLP/JSON by it; {@link
 * dev.throughline.telemetry.otlp.OtlpProtobufWriter} writes {@code TracesData} and {@code MetricsData} by it.
 *
 * <p><b>The compact form</b> is described in {@code dev.throughline.telemetry}. What it leaves open is settled here:
 *
 * <ul>
 *   <li>{@code resource} and {@code scope} carry the {@code schemaUrl} of their envelope as a member, and are absent where the
 *       sender set neither them nor it.
 *   <li>{@code double} fields that are not attribute values (sums, bounds, quantiles) write {@code "NaN"}, {@code "Infinity"}
 *       and {@code "-Infinity"} as plain strings, as OTLP/JSON does.
 *   <li>A key of a key-value-list <i>value</i> that starts with {@code $} is written with one more {@code $}, so that it cannot
 *       be taken for {@code $double} or {@code $bytes}. Attribute keys themselves stand as they came.
 *   <li>Attribute keys are unique in OTLP; of equal ones the first is kept.
 * </ul>
 *
 * <p><b>Errors.</b> A masked document may hold text where the message wants a number; such a member is left out of the
 * message, never guessed. <b>Threads.</b> The tables are immutable; a writer belongs to one thread. Only {@code java.*} is used.
 */
@NullMarked
package dev.throughline.telemetry.otlp;

import org.jspecify.annotations.NullMarked;
