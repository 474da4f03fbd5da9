package dev.throughline.cli.packaged;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command line that starts the program as it is shipped: a native executable, or {@code quarkus-run.jar} by the JVM that runs
 * this code.
 *
 * @param start the command up to, not with, {@code serve}
 */
public record PackagedProgram(List<String> start, String description) {
    /** Set by the launcher: the directory that holds {@code target/quarkus-app}, or {@code quarkus-app} itself. */
    public static final String HOME_PROPERTY = "throughline.home";
    /** Options of the server's JVM, separated by blanks, where the launcher has its own. */
    public static final String JAVA_OPTIONS_PROPERTY = "throughline.java-options";

    private static final String JAR = "quarkus-run.jar";
    /** What fits the documented memory bound on one core; the launcher says the same. */
    private static final String JAVA_OPTIONS_DEFAULT =
            "-XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -XX:+UseTransparentHugePages -XX:TrimNativeHeapInterval=2000 -Xms64m -Xmx120m -Xmn36m -Xss512k -XX:MaxDirectMemorySize=48m "
                    + "-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=20000 -XX:Tier4CompileThreshold=100000"
                    + " --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow";

    public PackagedProgram {
        start = List.copyOf(start);
    }

    public static PackagedProgram nativeExecutable(Path file) {
        return new PackagedProgram(
                List.of(file.toAbsolutePath().toString()), "native executable " + file.getFileName());
    }

    /** The jar, with options of its own or, where {@code javaOptions} is empty, the shipped ones. */
    public static PackagedProgram jar(Path jar, List<String> javaOptions) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(javaOptions.isEmpty() ? shippedJavaOptions() : javaOptions);
        command.add("-jar");
        command.add(jar.toAbsolutePath().toString());
        return new PackagedProgram(
                command, "JDK " + Runtime.version() + ", " + String.join(" ", command.subList(1, command.size() - 2)));
    }

    /** Where this code itself was packaged; empty where it runs from classes and no home is set. */
    public static Optional<PackagedProgram> ofThisProcess(List<String> javaOptions) {
        Optional<String> executable = ProcessHandle.current().info().command();
        if (isNative() && executable.isPresent()) {
            return executable.map(file -> nativeExecutable(Path.of(file)));
        }
        return jarCandidates().stream().filter(Files::isRegularFile).findFirst().map(jar -> jar(jar, javaOptions));
    }

    /** The command line of {@code serve}. */
    public List<String> serve(Path data, List<String> arguments) {
        List<String> command = new ArrayList<>(start);
        command.add("serve");
        command.add("--data");
        command.add(data.toAbsolutePath().toString());
        command.addAll(List.of("--http-port", "0", "--otlp-http-port", "0", "--otlp-grpc-port", "0"));
        command.addAll(arguments);
        return command;
    }

    /** The JVM that runs this code; a native executable has none, and takes that of {@code JAVA_HOME} or the path. */
    static String java() {
        String home = System.getProperty("java.home", System.getenv().getOrDefault("JAVA_HOME", ""));
        return home.isEmpty() ? "java" : Path.of(home, "bin", "java").toString();
    }

    /** Whether this process is the native executable. */
    public static boolean isNative() {
        return System.getProperty("org.graalvm.nativeimage.imagecode") != null;
    }

    private static List<String> shippedJavaOptions() {
        return List.of(System.getProperty(JAVA_OPTIONS_PROPERTY, JAVA_OPTIONS_DEFAULT)
                .strip()
                .split("\\s+"));
    }

    private static List<Path> jarCandidates() {
        List<Path> candidates = new ArrayList<>();
        String home = System.getProperty(HOME_PROPERTY);
        if (home != null) {
            candidates.add(Path.of(home, "target", "quarkus-app", JAR));
            candidates.add(Path.of(home, "quarkus-app", JAR));
            candidates.add(Path.of(home, JAR));
        }
        for (String entry : System.getProperty("java.class.path", "").split(java.io.File.pathSeparator, -1)) {
            if (entry.endsWith(JAR)) {
                candidates.add(Path.of(entry));
            }
        }
        candidates.add(Path.of("target", "quarkus-app", JAR));
        return candidates;
    }
}
