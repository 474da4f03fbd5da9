package dev.throughline.storage;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.lz4.Lz4JavaCompressor;
import io.airlift.compress.v3.lz4.Lz4JavaDecompressor;
import java.util.Arrays;

/**
 * A block's frames as an LZ4 block (lz4_Block_format.md), or as they are where that would not be smaller. Worth its CPU: what is
 * not written need not be copied by SQLite and the kernel, twice over (log and file). Not thread-safe.
 */
final class FramePacker {
    private final Lz4JavaCompressor compressor = new Lz4JavaCompressor();
    private byte[] packed = new byte[0];

    byte[] pack(byte[] frames, int length) {
        int needed = compressor.maxCompressedLength(length);
        if (packed.length < needed || packed.length > 4 * BlockCutter.BLOCK_BYTES_MAX) {
            packed = new byte[needed];
        }
        int size = compressor.compress(frames, 0, length, packed, 0, packed.length);
        return size < length ? Arrays.copyOf(packed, size) : Arrays.copyOf(frames, length);
    }

    static byte[] unpack(byte[] packed, int length) {
        if (packed.length == length) {
            return packed;
        }
        try {
            byte[] frames = new byte[length];
            if (new Lz4JavaDecompressor().decompress(packed, 0, packed.length, frames, 0, length) == length) {
                return frames;
            }
        } catch (MalformedInputException | IllegalArgumentException | NegativeArraySizeException e) {
            throw new StoreUnavailableException("store_corrupt", e);
        }
        throw new StoreUnavailableException("store_corrupt");
    }
}
