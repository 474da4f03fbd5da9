package dev.throughline.server;

import java.io.IOException;
import java.net.URL;
import java.util.Enumeration;

/**
 * The jars of the program, open from the start. A class is read from its jar when it is first used, and a class loader opens a jar
 * when it first reads from it and keeps it open. While no descriptor is free that fails, and the JVM remembers for ever that the
 * class could not be found. A native executable has its classes in itself.
 */
public final class LibraryFiles {
    /** Every jar has one, and every class loader looks for it in all of its jars. */
    private static final String EVERYWHERE = "META-INF/MANIFEST.MF";

    private LibraryFiles() {}

    /** Opens all of them; how many there are. */
    public static int holdOpen() throws IOException {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        if (loader == null) {
            return 0;
        }
        int jars = 0;
        for (Enumeration<URL> all = loader.getResources(EVERYWHERE); all.hasMoreElements(); all.nextElement()) {
            jars++;
        }
        return jars;
    }
}
