/**
 * Forwards what the spool keeps: a dispatcher, the exporter interface, and the Kafka exporter.
 *
 * <p><b>Path.</b> {@link dev.throughline.delivery.RecordSource} (one cursor on the spool) → {@link
 * dev.throughline.delivery.Dispatcher} (one lane, that is one named platform thread, for each exporter and stream: audit never
 * waits behind operational records, and an outage of one destination never holds another) → {@link
 * dev.throughline.delivery.Exporter}. The cursor moves only when the destination has the records durably; a record that can never
 * be delivered goes to the {@link dev.throughline.delivery.QuarantineSink} first, alone; everything else is retried without end.
 * Delivery is at least once: destinations drop duplicates by the record id.
 *
 * <p><b>Bounds.</b> A lane holds one batch of at most {@code batch_bytes_max} and {@code batch_records_max}; the Kafka producer
 * holds at most {@code buffer_bytes_max} beyond that for all lanes together, whatever the backlog.
 *
 * <p><b>Kafka.</b> acks=all and idempotent. Topics are {@code <prefix>.<stream label>}. Key: {@code tenant:correlation id}, for
 * want of the latter {@code tenant:trace id}, then {@code tenant:connector}. Message time: when the record was received,
 * milliseconds since the epoch. Headers, UTF-8, left out where the record has no such field: {@code correlation-id}, {@code
 * tenant-id}, {@code connector}, {@code record-id} (32 hex digits), {@code schema} ({@code <document>;policy=<16 hex digits>}), {@code
 * traceparent} (W3C, {@code 00-<trace id>-<span id>-01}). Value: what {@link dev.throughline.delivery.PayloadEncoder} makes of
 * the masked document, for logs the JSON itself.
 *
 * <p><b>Order.</b> Records of one key arrive in the order in which they were kept, counted by their first occurrence. An
 * idempotent producer alone does not give that, for two reasons (kafka-clients 4.1.1: {@code Sender}, {@code TransactionManager}; the
 * broker's {@code ProducerAppendInfo}): a broker that knows nothing of a producer yet takes any first sequence number, so that
 * the second request can overtake a failed first; and after a record fails for good, the producer starts a new epoch and sends
 * the ones behind it. So one request at a time is in flight, and the first failure that is not a record's own fault ends the
 * producer from within its own callback, before its sender thread can go on. A new producer then sends again what was not
 * acknowledged. A request of the old one that was still on its way adds copies, never a new first occurrence out of turn.
 *
 * <p><b>Errors.</b> Codes in lower snake case, never content: {@link dev.throughline.delivery.KafkaFailures} lists those of Kafka.
 */
@NullMarked
package dev.throughline.delivery;

import org.jspecify.annotations.NullMarked;
