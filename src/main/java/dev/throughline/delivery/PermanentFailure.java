package dev.throughline.delivery;

/**
 * A record that the destination can never take.
 *
 * @param index its place in the batch
 * @param code why, in lower snake case
 */
public record PermanentFailure(int index, String code) {}
