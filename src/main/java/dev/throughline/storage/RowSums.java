package dev.throughline.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Checksums of rows (CRC-32C, RFC 3720, appendix B.4), over all their columns. A row that SQLite finds and that is not the one
 * that was written, because a page is damaged, does not agree with its own.
 */
final class RowSums {
    private static final int NUMBERS_MAX = 6;

    private RowSums() {}

    static long block(BlockRow row) {
        CRC32C crc = numbers(row.first(), row.records(), row.eventMin(), row.eventMax(), row.rawBytes());
        crc.update(row.facets());
        crc.update(row.packed());
        return crc.getValue();
    }

    static long identity(byte[] stream, long epochDay, long id) {
        CRC32C crc = numbers(epochDay, id);
        crc.update(stream);
        return crc.getValue();
    }

    static long progress(long mergedTo) {
        return numbers(mergedTo).getValue();
    }

    static long chunk(KeyChunks.Bounds bounds, byte[] entries) {
        CRC32C crc = numbers(
                bounds.firstKey(), bounds.firstId(), bounds.isLast() ? 1 : 0, bounds.nextKey(), bounds.nextId());
        crc.update(entries);
        return crc.getValue();
    }

    /** Of a quarantine entry that is not superseded; one that is has one more. */
    static long entry(QuarantineRow row) {
        CRC32C crc = numbers(row.entry(), row.firstSeen(), row.lastSeen(), row.count(), row.lookup());
        text(crc, row.id());
        text(crc, row.code());
        text(crc, row.connector());
        text(crc, row.tenant());
        crc.update(row.frame());
        return crc.getValue();
    }

    private static void text(CRC32C crc, @Nullable String text) {
        if (text == null) {
            crc.update(1);
        } else {
            crc.update(text.getBytes(StandardCharsets.UTF_8));
            crc.update(0);
        }
    }

    private static CRC32C numbers(long... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * NUMBERS_MAX);
        for (long number : numbers) {
            bytes.putLong(number);
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes.flip());
        return crc;
    }
}
