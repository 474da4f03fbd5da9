package dev.throughline.policy.document;

/**
 * Where something stands.
 *
 * @param file its name within the policy directory
 * @param line from 1
 * @param column from 1
 */
public record Place(String file, int line, int column) {
    /** A file as a whole. */
    public static Place of(String file) {
        return new Place(file, 1, 1);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
