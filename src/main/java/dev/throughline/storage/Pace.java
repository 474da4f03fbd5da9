package dev.throughline.storage;

/** Told of the bytes that a verification reads, and slows it down as it sees fit. */
interface Pace {
    /** As fast as the disk gives them. */
    Pace NONE = bytes -> {};

    void read(long bytes) throws InterruptedException;
}
