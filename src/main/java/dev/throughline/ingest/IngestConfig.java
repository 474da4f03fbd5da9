package dev.throughline.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The bounds of ingest; each holds before the work that it bounds. */
@ConfigMapping(prefix = "throughline.ingest")
public interface IngestConfig {
    /** Bytes of a request as sent. Over it: 413. */
    @WithDefault("16777216")
    int compressedBytesMax();

    /** Bytes of a request after decompression. Over it: 413. */
    @WithDefault("16777216")
    int decompressedBytesMax();

    /** Decompressed over compressed size, once a mebibyte has come out. Over it: 413. */
    @WithDefault("200")
    int decompressionRatioMax();

    /**
     * Bytes that the records of a request may come to, as they are kept, with what they share counted once for each. Over it: 413.
     * The default takes 8,192 records, a batch of the OpenTelemetry Collector, of some 600 bytes under a resource of 3 KB.
     */
    @WithDefault("33554432")
    int expandedBytesMax();

    /** The same over the request's decompressed bytes, or 16 times those as sent if that is less, once a mebibyte has come out. Over it: 413. */
    @WithDefault("64")
    int expansionRatioMax();

    /** Bytes that one request may hold beside its body as sent: decompressed body, parsed OTLP/JSON, records. Over it: 413. */
    @WithDefault("50331648")
    long requestMemoryBytesMax();

    /** Records of one request. Over it: 413. */
    @WithDefault("50000")
    int recordsPerRequestMax();

    /** Nested containers of one record. Over it: the record is refused. */
    @WithDefault("32")
    int depthMax();

    /** JSON tokens of one record. Over it: the record is refused. */
    @WithDefault("10000")
    int tokensPerRecordMax();

    /** Encoded bytes of one string or key. Over it: the record is refused. */
    @WithDefault("131072")
    int fieldBytesMax();

    /** From the request's head to the last byte of its body. Over it: 408. */
    @WithDefault("30000")
    long readTimeoutMs();

    /** Tokens of one OTLP/JSON body, of 16 bytes each in memory; an ordinary log record has about 110. */
    @WithDefault("1200000")
    int otlpJsonTokensMax();

    /**
     * Bytes of bodies that are read or worked on at one time, those of OTLP/JSON threefold; further requests wait in their sockets. A
     * sixth of it is for bodies of up to 64 KiB, a sixth for those of up to a mebibyte, the rest for larger ones; one that is larger than
     * that goes alone.
     */
    @WithDefault("25165824")
    long inFlightBytesMax();

    /** A body that comes slower than this is given up, with 503, while others wait for its memory. */
    @WithDefault("131072")
    long bodyBytesPerSecondMin();

    /** How long a request waits for its turn before it gets a 503. */
    @WithDefault("5000")
    long inFlightWaitMs();

    /** Refusals listed in an answer; the rest is counted. */
    @WithDefault("100")
    int refusalsListedMax();

    /** Generated correlation ids listed in an answer. */
    @WithDefault("1000")
    int correlationIdsListedMax();

    /** Threads that decode, check and mask; 0: one a processor. */
    @WithDefault("0")
    int workers();

    /** Traces whose correlation id is remembered. */
    @WithDefault("65536")
    int traceJoinsMax();

    /** Ids of records kept lately, for telling retries. */
    @WithDefault("131072")
    int recentRecordsMax();

    /** What a sender is told to wait when the spool has no room. */
    @WithDefault("2000")
    long retryAfterMs();
}
