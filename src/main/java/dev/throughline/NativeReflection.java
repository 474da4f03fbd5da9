package dev.throughline;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What libraries reach by its name only, for the native executable, which has nothing that nobody names.
 *
 * <p>picocli: the classes behind {@code help}, {@code --help} and {@code --version}, and the factory of paths. lz4-java, which the Kafka client
 * packs with: it looks its implementations up, first those over its library, then those in Java; without any of them a producer
 * fails at its first batch.
 */
@RegisterForReflection(
        classNames = {
            "java.nio.file.Path",
            "java.nio.file.Paths",
            "picocli.CommandLine$AutoHelpMixin",
            "picocli.CommandLine$HelpCommand",
            "net.jpountz.lz4.LZ4HCJNICompressor",
            "net.jpountz.lz4.LZ4HCJavaSafeCompressor",
            "net.jpountz.lz4.LZ4JNICompressor",
            "net.jpountz.lz4.LZ4JNISafeDecompressor",
            "net.jpountz.lz4.LZ4JavaSafeCompressor",
            "net.jpountz.lz4.LZ4JavaSafeSafeDecompressor",
            "net.jpountz.xxhash.StreamingXXHash32JNI$Factory",
            "net.jpountz.xxhash.StreamingXXHash32JavaSafe$Factory",
            "net.jpountz.xxhash.StreamingXXHash32JavaUnsafe$Factory",
            "net.jpountz.xxhash.StreamingXXHash64JNI$Factory",
            "net.jpountz.xxhash.StreamingXXHash64JavaSafe$Factory",
            "net.jpountz.xxhash.StreamingXXHash64JavaUnsafe$Factory",
            "net.jpountz.xxhash.XXHash32JNI",
            "net.jpountz.xxhash.XXHash32JavaSafe",
            "net.jpountz.xxhash.XXHash32JavaUnsafe",
            "net.jpountz.xxhash.XXHash64JNI",
            "net.jpountz.xxhash.XXHash64JavaSafe",
            "net.jpountz.xxhash.XXHash64JavaUnsafe",
        })
final class NativeReflection {
    private NativeReflection() {}
}
