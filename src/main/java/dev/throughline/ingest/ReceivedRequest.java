package dev.throughline.ingest;

/** A request that is whole: what a worker needs of it. */
interface ReceivedRequest {
    Protocol protocol();

    /** Holds the body as sent, from 0 to {@link #length()}. */
    byte[] body();

    int length();

    /** Empty where there is none. */
    String header(String name);
}
