package dev.throughline;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Provider;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * What a native build needs of the sources and a JVM does not: classes are initialised while it is built, and it has no class by its
 * name and no resource that nobody names.
 */
class NativeExecutableTest {
    private static final Path CLASSES = classesDirectory();

    /** State of the machine that builds, or of a moment, which would be baked into every process. */
    private static final List<Class<?>> NOT_AT_BUILD_TIME = List.of(
            RandomGenerator.class,
            Thread.class,
            ThreadLocal.class,
            Executor.class,
            Process.class,
            ProcessHandle.class,
            Closeable.class,
            InetAddress.class,
            Instant.class,
            Clock.class,
            InstantSource.class,
            MessageDigest.class,
            Mac.class,
            Provider.class);

    @Test
    void whatPicocliReadsIsRegistered() {
        List<String> unregistered = classes()
                .filter(NativeExecutableTest::isReadByPicocli)
                .filter(type -> !isRegistered(type))
                .map(Class::getName)
                .toList();
        assertThat(unregistered).isEmpty();
        assertThat(registeredNames()).contains("picocli.CommandLine$AutoHelpMixin", "java.nio.file.Paths");
    }

    @Test
    void everyRegisteredNameIsAClass() {
        assertThat(registeredNames())
                .allSatisfy(
                        name -> assertThat(Class.forName(name, false, loader())).isNotNull());
    }

    @Test
    void whatKafkaPacksWithIsRegistered() {
        List<Object> parts = new ArrayList<>();
        for (LZ4Factory lz4 : List.of(LZ4Factory.nativeInstance(), LZ4Factory.safeInstance())) {
            parts.addAll(List.of(lz4.fastCompressor(), lz4.highCompressor(), lz4.safeDecompressor()));
        }
        for (XXHashFactory hash :
                List.of(XXHashFactory.nativeInstance(), XXHashFactory.safeInstance(), XXHashFactory.unsafeInstance())) {
            parts.addAll(List.of(hash.hash32(), hash.hash64()));
        }
        assertThat(parts.stream().map(part -> part.getClass().getName())).isSubsetOf(registeredNames());
    }

    @Test
    void everyResourceIsIncluded() throws IOException {
        List<String> globs = List.of(configured("quarkus.native.resources.includes"));
        Path resources = Path.of("src", "main", "resources");
        try (Stream<Path> files = Files.walk(resources)) {
            List<String> left = files.filter(Files::isRegularFile)
                    .map(resources::relativize)
                    .filter(file -> !file.startsWith("META-INF") && !file.startsWith("application.properties"))
                    .filter(file -> globs.stream().noneMatch(glob -> matches(glob, file)))
                    .map(Path::toString)
                    .toList();
            assertThat(left).isEmpty();
        }
        for (String library : List.of(
                "org/sqlite/native/Linux/x86_64/libsqlitejdbc.so",
                "org/sqlite/native/Linux/aarch64/libsqlitejdbc.so",
                "net/jpountz/util/linux/amd64/liblz4-java.so",
                "net/jpountz/util/linux/aarch64/liblz4-java.so")) {
            assertThat(loader().getResource(library)).as(library).isNotNull();
            assertThat(globs).as(library).anyMatch(glob -> matches(glob, Path.of(library)));
        }
    }

    @Test
    void whatIsInitialisedAtRunTimeExists() {
        List<String> names = Stream.of(configured("quarkus.native.additional-build-args"))
                .filter(argument -> argument.startsWith("--initialize-at-run-time="))
                .map(argument -> argument.substring(argument.indexOf('=') + 1))
                .toList();
        assertThat(names).contains("net.jpountz").allSatisfy(name -> {
            String file = name.replace('.', '/');
            assertThat(loader().getResource(file + ".class") != null || loader().getResource(file) != null)
                    .as(name)
                    .isTrue();
        });
    }

    @Test
    void noStaticFieldHoldsWhatBelongsToOneProcess() {
        List<String> found = classes()
                .filter(type -> !type.isInterface() || type.getDeclaredFields().length > 0)
                .flatMap(type -> Stream.of(type.getDeclaredFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
                .filter(NativeExecutableTest::isOfOneProcess)
                .map(field -> field.getDeclaringClass().getName() + "." + field.getName())
                .toList();
        assertThat(found).isEmpty();
    }

    private static boolean isOfOneProcess(Field field) {
        Object value = valueOf(field);
        Class<?> type = value == null ? field.getType() : value.getClass();
        return NOT_AT_BUILD_TIME.stream().anyMatch(no -> no.isAssignableFrom(type))
                || value instanceof ByteBuffer buffer && buffer.isDirect();
    }

    private static Object valueOf(Field field) {
        try {
            field.setAccessible(true);
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field.toString(), e);
        }
    }

    private static boolean isReadByPicocli(Class<?> type) {
        return type.isAnnotationPresent(CommandLine.Command.class)
                || Stream.of(type.getDeclaredFields())
                        .anyMatch(field -> field.isAnnotationPresent(CommandLine.Option.class)
                                || field.isAnnotationPresent(CommandLine.Parameters.class)
                                || field.isAnnotationPresent(CommandLine.Mixin.class)
                                || field.isAnnotationPresent(CommandLine.ArgGroup.class)
                                || field.isAnnotationPresent(CommandLine.Spec.class));
    }

    /** By an annotation of its own that names no other: one that names others does not register its bearer. */
    private static boolean isRegistered(Class<?> type) {
        RegisterForReflection registered = type.getAnnotation(RegisterForReflection.class);
        return registered != null
                && registered.targets().length == 0
                && registered.classNames().length == 0
                && registered.fields()
                && registered.methods();
    }

    private static List<String> registeredNames() {
        return classes()
                .filter(type -> type.isAnnotationPresent(RegisterForReflection.class))
                .flatMap(type -> Stream.of(
                        type.getAnnotation(RegisterForReflection.class).classNames()))
                .toList();
    }

    private static Stream<Class<?>> classes() {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            return files
                    .map(CLASSES::relativize)
                    .map(Path::toString)
                    .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .<Class<?>>map(NativeExecutableTest::classOf)
                    .collect(Collectors.toList())
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> classOf(String name) {
        try {
            return Class.forName(name, false, loader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name, e);
        }
    }

    private static ClassLoader loader() {
        return NativeExecutableTest.class.getClassLoader();
    }

    private static boolean matches(String glob, Path file) {
        return FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(file);
    }

    private static String[] configured(String key) {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(Path.of("src", "main", "resources", "application.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty(key).split(",", -1);
    }

    private static Path classesDirectory() {
        try {
            return Path.of(ProblemDetail.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
