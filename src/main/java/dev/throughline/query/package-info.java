/**
 * Searches over what is kept: {@code GET /v1/records}, {@code GET /v1/quarantine}, {@code GET /v1/streams}, and the JSON form of a
 * record that all reads share ({@link dev.throughline.query.RecordJson}).
 *
 * <p>Pages are newest first and continue with an opaque cursor that belongs to the conditions it was given for. A page may hold
 * fewer records than asked for and still have a {@code next_cursor}: one call reads a bounded number of blocks. Wrong parameters
 * are answered all at once by a problem document (400) that names each parameter and a code; a store that cannot be read, by 503.
 *
 * <p>Reads block for the disk, so resources run on virtual threads.
 */
@NullMarked
package dev.throughline.query;

import org.jspecify.annotations.NullMarked;
