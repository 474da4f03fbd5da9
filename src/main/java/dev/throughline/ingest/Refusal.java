package dev.throughline.ingest;

/**
 * Why one record was refused: nothing in it is a value of the record.
 *
 * @param index of the record in its request
 * @param code stable
 * @param pointer RFC 6901, masked; empty where the record as a whole is meant
 * @param keyword of JSON Schema; empty where it was not the contract
 * @param correlationId well-formed, or empty
 */
record Refusal(int index, String code, String pointer, String keyword, String correlationId) {}
