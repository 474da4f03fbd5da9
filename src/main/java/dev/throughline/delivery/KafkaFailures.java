package dev.throughline.delivery;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What Kafka's exceptions mean here, as stable codes; their messages may quote configuration and are never shown. */
final class KafkaFailures {
    static final String RECORD_TOO_LARGE = "record_too_large";
    static final String ENCODING_FAILED = "encoding_failed";
    static final String SESSION_ENDED = "kafka_session_ended";
    static final String UNREACHABLE = "kafka_unreachable";

    private KafkaFailures() {}

    /** Whether it is the record's own fault, so that it fails again however often it is sent. */
    static boolean isPermanent(Throwable failure) {
        return failure instanceof RecordTooLargeException
                || failure instanceof InvalidTimestampException
                || failure instanceof InvalidRecordException
                || failure instanceof SerializationException;
    }

    static String permanentCode(Throwable failure) {
        return switch (failure) {
            case RecordTooLargeException _ -> RECORD_TOO_LARGE;
            case InvalidTimestampException _ -> "timestamp_refused_by_broker";
            default -> "record_refused_by_broker";
        };
    }

    /** The code of anything else. */
    static String code(Throwable failure) {
        return switch (failure) {
            case SslAuthenticationException _ -> "kafka_tls_failed";
            case AuthenticationException _ -> "kafka_authentication_failed";
            case AuthorizationException _ -> "kafka_not_authorized";
            case TimeoutException _, DisconnectException _, NetworkException _, BrokerNotAvailableException _ ->
                UNREACHABLE;
            case NotEnoughReplicasException _, NotEnoughReplicasAfterAppendException _ -> "kafka_not_enough_replicas";
            case UnknownTopicOrPartitionException _ -> "kafka_unknown_topic";
            case OutOfOrderSequenceException _ -> "kafka_out_of_sequence";
            case ThrottlingQuotaExceededException _ -> "kafka_throttled";
            case RecordBatchTooLargeException _ -> "kafka_batch_too_large";
            case ConfigException _ -> "kafka_misconfigured";
            default -> {
                Throwable cause = failure.getCause();
                yield cause == null || cause.equals(failure) ? "kafka_error" : code(cause);
            }
        };
    }
}
