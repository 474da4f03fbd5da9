package dev.throughline.policy;

import java.time.Duration;

/**
 * What policy says of one stream.
 *
 * @param retention how long stores and topic keep it
 * @param topic in Kafka
 * @param partitions of the topic, when it is created
 * @param quotaBytes of the spool's disk
 * @param reserveBytes of the whole spool's disk that only this stream may fill; 0: what the configuration says
 */
public record StreamSettings(Duration retention, String topic, int partitions, long quotaBytes, long reserveBytes) {}
