/**
 * The nouns: what a record is from the first byte to the last, without a word of protocol, policy or storage.
 *
 * <p><b>Forms.</b> A record is UTF-8 JSON text in a {@code byte[]}. {@link dev.throughline.telemetry.JsonTape} is its parsed
 * form: token kinds and offsets in an {@code int[]}, so that contract, masking and stream rules read the same bytes in place
 * and nothing is allocated for a record. {@link dev.throughline.telemetry.ReceivedRecord} is the unmasked record and stops at
 * ingest; {@link dev.throughline.telemetry.MaskedRecords} is what may be kept, and only the masking package makes one.
 *
 * <p>Member names have numbers, the same in the whole process ({@link dev.throughline.telemetry.KeyNames}), so that what looks a name up
 * needs an array; a {@link dev.throughline.telemetry.RecordShape} is a document without its texts, a
 * {@link dev.throughline.telemetry.DocumentTemplate} one with room for other texts. A tape that learns compares text with that of earlier
 * records before it parses.
 *
 * <p><b>Documents.</b> A log is an {@code integration-log/v1} object. A span is a <i>compact OTLP/JSON</i> object
 * {@code {"resource":{…},"scope":{…},"span":{…}}} and a metric {@code {"resource":{…},"scope":{…},"metric":{…}}}: OTLP/JSON's
 * own field names, hex ids, enums as integers and 64-bit integers as decimal strings (OTLP 1.11, "JSON Protobuf Encoding"),
 * except that a list of {@code KeyValue} is a JSON object and an {@code AnyValue} is the plain JSON value: a string, a boolean,
 * an integer (int_value, never with fraction or exponent), a number with fraction or exponent (double_value; {@code
 * {"$double":"NaN"}} and {@code "Infinity"}, {@code "-Infinity"} likewise), an array, an object (kvlist_value), {@code
 * {"$bytes":"base64"}} (bytes_value), {@code null} (no value). The form is reversible.
 *
 * <p><b>Threads.</b> Tape, edits, received record and masked records belong to one worker at a time and are reused; none is
 * thread-safe. Only {@code java.*} is used here.
 */
@NullMarked
package dev.throughline.telemetry;

import org.jspecify.annotations.NullMarked;
