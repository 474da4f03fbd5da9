package dev.throughline.ingest;

import java.time.Duration;

/** What became of a request; each protocol's answers say how it is told (see the table in {@link dev.throughline.ingest}). */
sealed interface Outcome {
    /** Every record was looked at, and what was taken is durable. */
    record Processed(Tally tally) implements Outcome {}

    /** The body is not what its protocol says. */
    record Malformed(String code, String detail) implements Outcome {}

    /** A bound on the whole request was exceeded. */
    record TooLarge(String code, String detail) implements Outcome {}

    /** The content encoding or type is not one that is understood. */
    record Unsupported(String code, String detail) implements Outcome {}

    /** No token, or not the right one. */
    record Unauthenticated() implements Outcome {}

    /** The body did not come in time. */
    record TimedOut() implements Outcome {}

    /** Nothing of it was kept; the same request can be sent again after the time given. */
    record Unavailable(String code, Duration retryAfter) implements Outcome {}

    /** A quota of the sender is used up; nothing was kept. */
    record OverQuota(String code, Duration retryAfter) implements Outcome {}
}
