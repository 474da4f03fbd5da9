/**
 * Makes a record safe to keep: field rules, then detectors over everything else, in one walk of the parsed record.
 *
 * <p><b>Shape.</b> {@link dev.throughline.masking.MaskingRules} (a value, built from the policy) and {@link
 * dev.throughline.masking.PseudonymKeys} compile into a {@link dev.throughline.masking.Masker}; each worker holds a {@link
 * dev.throughline.masking.MaskingSession} of it. The session adds edits to a received record, and writes masked records and
 * quarantine entries: it is the only maker of {@link dev.throughline.telemetry.MaskedRecords}' content.
 *
 * <p><b>What is read.</b> Every string, member name and number; escaped text as what it says; JSON inside strings, to a depth;
 * {@code {"$bytes": base64}}; percent-encoding; {@code {"key": name, "value": …}} as a member of that name. Fields that the
 * contract verified by pattern are left alone in a conforming record, and in no other. Names and postal addresses are masked by
 * field only: nothing in a free text gives them away.
 *
 * <p>For conforming records of one shape, a {@link dev.throughline.masking.MaskingPlan} remembers which values such a walk came to, and
 * how; their texts are looked at each time.
 *
 * <p><b>Fails closed.</b> An error or an exceeded bound is a {@link dev.throughline.masking.Outcome.Failed} with no edit made:
 * the record must not be appended, only a quarantine entry without its body. Nothing here throws for a record's content.
 *
 * <p><b>Idempotent.</b> A text is masked until masking changes nothing, so masking twice equals masking once.
 *
 * <p><b>Units and threads.</b> Bounds are bytes of decoded text and counts. {@code Masker} is immutable and shared; a session
 * belongs to one worker at a time. No clock, no I/O, no logging; failures carry a code, never content.
 *
 * <p><b>Pseudonyms</b> are {@code pii:v1:<type>:<kid>:<20 base32>}: RFC 4648 base32 in lower case of the first 100 bits of
 * HMAC-SHA-256 over the canonical form, under a key derived per tenant.
 */
@NullMarked
package dev.throughline.masking;

import org.jspecify.annotations.NullMarked;
