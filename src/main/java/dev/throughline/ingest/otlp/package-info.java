/**
 * OTLP (specification 1.11) in: protobuf and JSON export requests to the documents of {@code dev.throughline.telemetry}, and the
 * bodies and trailers that it is answered with. Bytes in, bytes out: nothing here knows HTTP, a clock or a policy.
 *
 * <p><b>Shapes.</b> {@link dev.throughline.ingest.otlp.OtlpDecoder} reads a whole body and hands every record to {@link
 * dev.throughline.ingest.otlp.OtlpRecords}, which gets a view with the document and the place in the body. Spans and metrics keep
 * OTLP's form, compact (see {@code dev.throughline.telemetry.otlp}). A log becomes an {@code integration-log/v1} object:
 *
 * <ul>
 *   <li>an attribute that names a field of the schema, with or without {@code throughline.}, becomes that field; so do {@code
 *       service.name}, {@code deployment.environment.name} (and the older {@code deployment.environment}), {@code
 *       http.request.method}, {@code http.response.status_code}, {@code http.route}, and {@code error.type} where it has the
 *       shape of an error code;
 *   <li>the record wins over its scope and the scope over its resource; on one level {@code throughline.x} wins over {@code x} and
 *       that over its synonyms. What loses is kept under its own key among the attributes of its level; of equal keys only the
 *       first is kept; a field's key without a value counts as absent;
 *   <li>{@code attempt}, {@code duration_ms} and the HTTP status may be given as strings that are plain decimal numbers;
 *   <li>severity number → {@code level}, 0 or out of range: by the severity text, else INFO; a text that says something else than
 *       the level is kept as {@code severity_text};
 *   <li>{@code time_unix_nano}, or else the observed time → {@code timestamp}, UTC with nine decimals;
 *   <li>a body that is a string → {@code message}, any other → {@code body}; the record's own event name → {@code event_name};
 *       ids that are not all zero → {@code trace_id} and {@code span_id};
 *   <li>all other attributes stay in {@code attributes}, {@code resource} and {@code scope} ({@code name}, {@code version}, {@code
 *       attributes}); a count of dropped attributes in {@code dropped_attributes_count}.
 * </ul>
 *
 * <p><b>Two ways.</b> An exporter's records differ in their values, seldom in more. {@code ProtobufTemplates} and {@code JsonTemplates}
 * know, by resource and scope, the structures of earlier records, and write the document and its tape of one that has such a structure
 * without reading it as JSON again. What they know they have found by trial ({@code Probes}): the long way is asked what a changed value
 * changes, so that only it knows the mapping. A record that is not exactly of a known structure, or has a value that the long way may
 * treat in its own manner (an empty text, an id or time of zeros, a number in a text), goes the long way.
 *
 * <p><b>Errors.</b> A protobuf body whose bytes break the format fails as a whole, like a JSON body whose text or envelopes do.
 * A record over a bound (nesting, members of one object) is refused alone, as is a JSON record with a value that its field cannot
 * take. Malformed UTF-8 in protobuf strings stands in the document, whose parser refuses it. Problems carry codes and offsets,
 * never content. Too many records are seen before the first is handed on.
 *
 * <p><b>Durability.</b> Nothing is kept here; what was handed on is provisional until the decoder has returned.
 * <b>Threads.</b> A decoder belongs to one worker and keeps its buffers, up to a bound, between requests; answers are static.
 */
@NullMarked
package dev.throughline.ingest.otlp;

import org.jspecify.annotations.NullMarked;
