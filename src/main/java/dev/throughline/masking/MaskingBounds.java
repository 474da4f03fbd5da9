package dev.throughline.masking;

/**
 * Bounds of the masking of one record; beyond them it fails closed.
 *
 * @param scanBytesMax decoded text read, nested text at each depth
 * @param hitsPerRecordMax replacements
 * @param nestedJsonDepthMax JSON inside strings inside JSON …
 */
public record MaskingBounds(int scanBytesMax, int hitsPerRecordMax, int nestedJsonDepthMax) {
    public static final MaskingBounds DEFAULT = new MaskingBounds(4 << 20, 10_000, 4);

    public MaskingBounds {
        if (scanBytesMax < 1 || hitsPerRecordMax < 1 || nestedJsonDepthMax < 0 || nestedJsonDepthMax > 16) {
            throw new IllegalArgumentException(
                    "scan_bytes_max and hits_per_record_max are at least 1, nested depth is 0 to 16");
        }
    }
}
