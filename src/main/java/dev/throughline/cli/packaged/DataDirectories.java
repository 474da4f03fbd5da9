package dev.throughline.cli.packaged;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Data directories that a run makes and removes. */
public final class DataDirectories {
    private DataDirectories() {}

    /** A new and empty directory below {@code parent}, which is made where it is missing. */
    public static Path fresh(Path parent, String name) throws IOException {
        return Files.createTempDirectory(Files.createDirectories(parent), name + "-")
                .toAbsolutePath();
    }

    /** Deletes a directory that {@link #fresh} made, with all in it; links are removed, not followed. */
    public static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
