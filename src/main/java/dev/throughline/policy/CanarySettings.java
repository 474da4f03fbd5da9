package dev.throughline.policy;

import java.time.Duration;

/**
 * When a new policy is taken back by itself.
 *
 * @param refusalRateMax the share of one connector's records that it may refuse and the one before would not; 1: it is never taken back
 * @param window how long after the swap this is watched
 * @param recordsMin records of a connector before its share says anything
 */
public record CanarySettings(double refusalRateMax, Duration window, int recordsMin) {}
