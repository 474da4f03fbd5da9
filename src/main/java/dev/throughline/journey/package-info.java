/**
 * The story of one correlation id: {@code GET /v1/journeys/{correlation_id}}.
 *
 * <p>{@link dev.throughline.journey.JourneyAssembly} is pure: records as the store has them in, a {@link
 * dev.throughline.journey.Journey} out, ordered by event time (ties: in the order of arrival), each record with the boundary of the
 * {@link dev.throughline.contract.TraceBlueprint} that it belongs to. Times are microseconds since the epoch inside and RFC 3339
 * in UTC outside. A journey is bounded by records and bytes; what is beyond is told by {@code truncated} and reached by {@code
 * next_cursor}. Where days could not be read, {@code unreadable} names them, and a journey of which nothing is found is an answer with
 * that mark and not a 404: 404 says that everything was read.
 *
 * <p>Reads block for the disk, so the resource runs on a virtual thread.
 */
@NullMarked
package dev.throughline.journey;

import org.jspecify.annotations.NullMarked;
