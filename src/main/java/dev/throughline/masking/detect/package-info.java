/**
 * Finds personal data and secrets in one piece of text: one pass over the bytes with a 256-entry trigger table, exact checks only
 * where a trigger fires. {@link dev.throughline.masking.detect.TextScan} is the face; it reports ranges in
 * {@link dev.throughline.masking.detect.Hits}, in order and without overlap.
 *
 * <p><b>Input</b> is UTF-8 text with JSON escapes already decoded. Offsets are bytes. Percent-encoding, literal {@code \\uXXXX},
 * full-width forms, foreign digits, no-break blanks and invisible characters are looked through ({@link
 * dev.throughline.masking.detect.Disguise}).
 *
 * <p><b>Context.</b> Where digits alone do not tell (national phone numbers, bare identity numbers), a word near by or the
 * field's name must ({@link dev.throughline.masking.detect.ContextWords}); a word for another kind of number (order, invoice,
 * tracking) that is nearer speaks against it.
 *
 * <p>Names and postal addresses are not detected: they have no shape. Field rules mask them.
 *
 * <p><b>Threads.</b> A scan belongs to one worker; checks are static and pure. Nothing is allocated for clean text. Nothing
 * throws for any input.
 */
@NullMarked
package dev.throughline.masking.detect;

import org.jspecify.annotations.NullMarked;
