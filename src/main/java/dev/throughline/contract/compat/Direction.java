package dev.throughline.contract.compat;

/** Whose records are checked by whose contract. */
public enum Direction {
    /** What conforms to the old schema conforms to the new one: old writers may go on. */
    BACKWARD,
    /** What conforms to the new schema conforms to the old one: old readers may go on. */
    FORWARD
}
