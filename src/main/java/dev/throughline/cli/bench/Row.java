package dev.throughline.cli.bench;

import dev.throughline.cli.load.WireForm;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A line of the table: what is sent, where it must arrive, and what it may cost. */
public enum Row {
    NDJSON_SPOOL("ndjson-spool", "NDJSON -> spool (fsync)", WireForm.NDJSON, Destination.SPOOL, 4.5),
    OTLP_PB_LOGS_SPOOL(
            "otlp-pb-logs-spool", "OTLP protobuf logs -> spool", WireForm.OTLP_PROTOBUF_LOGS, Destination.SPOOL, 5.5),
    OTLP_JSON_LOGS_SPOOL(
            "otlp-json-logs-spool", "OTLP JSON logs -> spool", WireForm.OTLP_JSON_LOGS, Destination.SPOOL, 8),
    OTLP_PB_SPANS_SPOOL(
            "otlp-pb-spans-spool",
            "OTLP protobuf spans -> spool",
            WireForm.OTLP_PROTOBUF_SPANS,
            Destination.SPOOL,
            5.5),
    NDJSON_STORE("ndjson-store", "NDJSON -> spool -> embedded store", WireForm.NDJSON, Destination.STORE, 15),
    NDJSON_KAFKA("ndjson-kafka", "NDJSON -> spool -> Kafka acks=all", WireForm.NDJSON, Destination.KAFKA, 9),
    /** At an offered rate: the target is its 99th percentile. */
    OFFERED("p99-20k", "NDJSON -> spool at 20,000 events/s", WireForm.NDJSON, Destination.SPOOL, Double.NaN),
    /** The same beside 200 connections that each hold a half-sent body of 16 MB. */
    HELD_UPLOADS(
            "held-uploads",
            "the same beside 200 half-sent 16 MB bodies",
            WireForm.NDJSON,
            Destination.SPOOL,
            Double.NaN),
    /** A large policy put in force again and again under load: the targets are its time and the longest answer. */
    RELOAD("policy-reload", "policy reload at 20,000 events/s", WireForm.NDJSON, Destination.SPOOL, Double.NaN);

    /** Where an acknowledged event must be counted. */
    enum Destination {
        SPOOL,
        STORE,
        KAFKA
    }

    /** Most resident memory, over all rows. */
    static final long RESIDENT_PEAK_BYTES_TARGET = 256L << 20;
    /** 99th percentile of the answer time at the offered rate. */
    static final double ANSWER_P99_MILLIS_TARGET = 15;
    /** The same beside held uploads. */
    static final double ANSWER_P99_MILLIS_TARGET_BESIDE_UPLOADS = 100;
    /** From the look at the directory to the swap. */
    static final double RELOAD_MILLIS_TARGET = 500;
    /** Longest that ingest may stand still for a reload. */
    static final double STALL_MILLIS_TARGET = 50;
    /** Events a second that are offered. */
    static final int OFFERED_EVENTS_PER_SECOND = 20_000;

    private final String id;
    private final String title;
    private final WireForm form;
    private final Destination destination;
    private final double tokenWalksTarget;

    Row(String id, String title, WireForm form, Destination destination, double tokenWalksTarget) {
        this.id = id;
        this.title = title;
        this.form = form;
        this.destination = destination;
        this.tokenWalksTarget = tokenWalksTarget;
    }

    public String id() {
        return id;
    }

    public String title() {
        return title;
    }

    WireForm form() {
        return form;
    }

    Destination destination() {
        return destination;
    }

    double tokenWalksTarget() {
        return tokenWalksTarget;
    }

    /** Whether its load comes at a rate, and its target is the time of an answer. */
    boolean offered() {
        return this == OFFERED || this == HELD_UPLOADS;
    }

    double answerMillisTarget() {
        return this == HELD_UPLOADS ? ANSWER_P99_MILLIS_TARGET_BESIDE_UPLOADS : ANSWER_P99_MILLIS_TARGET;
    }

    public static Optional<Row> ofId(String id) {
        return Stream.of(values()).filter(row -> row.id.equals(id)).findFirst();
    }

    public static List<String> ids() {
        return Stream.of(values()).map(Row::id).toList();
    }
}
