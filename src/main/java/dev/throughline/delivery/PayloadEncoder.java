package dev.throughline.delivery;

import dev.throughline.telemetry.RecordFrame;

/**
 * The bytes of a message's value. Must not throw for a well-formed frame: what is thrown makes the record a permanent failure,
 * {@code encoding_failed}. Called by the threads of different streams at the same time.
 */
@FunctionalInterface
public interface PayloadEncoder {
    /** The masked document as it stands, whatever the signal. */
    PayloadEncoder DOCUMENT = RecordFrame::payload;

    /** Returns bytes that are the caller's to keep. */
    byte[] encode(RecordFrame frame);
}
