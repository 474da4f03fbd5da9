/**
 * Protocols in, limits, and the pipeline: from a socket to what the spool is asked to keep, and back to the sender.
 *
 * <p><b>The way of a request.</b> {@link dev.throughline.ingest.IngestHttp} has the routes; an {@code Exchange} is one request: token,
 * declared size, its turn in the budget of bytes, then its body; all on the request's event loop. A {@code Worker} decodes it
 * ({@code BodyDecoder}: encodings; {@code EventReader}: framings of JSON; {@code ingest.otlp}: OTLP), and an {@code IngestSession}
 * takes its records one by one: correlate, conform, normalise, identify, mask, route. What comes of it is a {@code RequestBatch},
 * which the spool keeps whole or not at all; {@link dev.throughline.ingest.IngestService} answers from what the spool says, through one
 * {@code Outcome} that each protocol writes in its own words ({@code Answers}).
 *
 * <p><b>Shapes.</b> Senders write the same members in the same order again and again. What follows from the order of names and the
 * kinds of values alone is found once a shape ({@code Shapes}): where the fields are, which texts the contract and which the masking
 * are to look at. What a text holds is looked at each time; where an answer depends on a text in another way, the whole walk is made.
 *
 * <p><b>Bounds</b> are {@link dev.throughline.ingest.IngestConfig}: each holds before the work that it bounds, and all that waits is
 * bounded: requests unread in their sockets, bodies by bytes, the workers' queue.
 *
 * <p><b>Errors.</b> A record that is refused is kept in quarantine and named in the answer by index, code and pointer; a request that
 * cannot be read is answered as a whole. What nobody expects is answered 503, so that nothing is lost, and logged by its kind.
 *
 * <p><b>Threads.</b> An exchange belongs to its event loop, its body to the worker that was given it, a session to its worker; answers
 * may be given from any thread.
 */
@NullMarked
package dev.throughline.ingest;

import org.jspecify.annotations.NullMarked;
