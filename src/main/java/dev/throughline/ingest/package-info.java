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
 * <p><b>Memory.</b> A request is held three times over at the most. Its body as sent counts against the budget of bytes in flight, as
 * does what the spool has not answered yet. What it takes beside that, it asks {@code RequestMemory} for before it is taken: the
 * decompressed body (16 MiB; half as much again while the buffer grows), the parsed form of OTLP/JSON (16 bytes a token, 18 MiB), and
 * the frames that its records come to (32 MiB), quarantine entries and ids among them; together 48 MiB. Ordinary requests hold
 * 16 MiB in all workers together; there is one place for a larger one. A worker's own are one document (2 MiB, and as much for each of
 * its levels), one tape (10,000 tokens) and what it has learned of structures (2 MiB for each of three forms).
 *
 * <p><b>Expansion.</b> In OTLP what records share is sent once, and kept with each. So a request may be refused for what it comes to: where
 * the shared bytes alone are over the bound, before a document is written; else with the first frame that is over it. The frame of a record
 * stays whole in the spool, so that a reader needs nothing but the frame and its checksum: a dictionary for each block would have to be
 * read, kept and damaged with it. Behind the spool what is shared costs little: the store's blocks are compressed, and so are
 * Kafka's batches.
 *
 * <p><b>Errors.</b> A record that is refused is kept in quarantine and named in the answer by index, code and pointer; a request that
 * cannot be read is answered as a whole. A record that makes the pipeline fail is refused alone and kept without its body. A request that
 * does is answered 503 once, so that nothing is lost for a reason that passes; where it fails again it is refused as if it were one record,
 * and does not come for ever. Both are counted, and logged by their kind.
 * The door ({@link dev.throughline.access.HttpGuard}) asks {@code IngestHttp} for the words of 503, and of a missing token.
 *
 * <p><b>Threads.</b> An exchange belongs to its event loop, its body to the worker that was given it, a session to its worker; answers
 * may be given from any thread.
 */
@NullMarked
package dev.throughline.ingest;

import org.jspecify.annotations.NullMarked;
