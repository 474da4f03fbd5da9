package dev.throughline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.throughline.StartupException;
import dev.throughline.access.HttpConfig;
import dev.throughline.ingest.IngestConfig;
import dev.throughline.ingest.OtlpConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingRangesTest {
    private static final Set<Class<?>> NUMBERS = Set.of(int.class, long.class, short.class, double.class);
    /** They have codes of their own. */
    private static final Set<String> PORTS =
            Set.of("throughline.http.port", "throughline.otlp.http-port", "throughline.otlp.grpc-port");

    static Stream<String> names() {
        return SettingRanges.names().stream();
    }

    @Test
    void everyNumberAmongTheSettingsHasARange() {
        List<String> numbers = new ArrayList<>();
        for (Class<?> mapping : List.of(ServerConfig.class, HttpConfig.class, IngestConfig.class, OtlpConfig.class)) {
            collect(mapping.getAnnotation(ConfigMapping.class).prefix(), mapping, numbers);
        }
        numbers.removeAll(PORTS);
        assertThat(SettingRanges.names()).containsExactlyInAnyOrderElementsOf(numbers);
    }

    private static void collect(String prefix, Class<?> mapping, List<String> numbers) {
        for (Method setting : mapping.getDeclaredMethods()) {
            String name = prefix + "."
                    + setting.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (NUMBERS.contains(setting.getReturnType())) {
                numbers.add(name);
            } else if (setting.getReturnType().isInterface()
                    && setting.getReturnType() != Map.class
                    && setting.getReturnType().getEnclosingClass() == mapping) {
                collect(name, setting.getReturnType(), numbers);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatIsFarOutEndsTheStartWithItsName(String name) {
        assertThatThrownBy(() -> check(name, "-2"))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(name)
                .hasMessageNotContaining("-2 ");
    }

    @ParameterizedTest
    @CsvSource({
        "throughline.http.public-metrics, maybe",
        "throughline.http.public-metrics, yes",
        "throughline.http.allowed-hosts, http://gateway.example",
        "throughline.http.allowed-hosts, '*'",
        "throughline.http.allowed-hosts, 'gateway.example,gateway.example:443'",
        "throughline.http.allowed-hosts, '*.example'"
    })
    void whatCannotBeMeantEndsTheStartWithItsName(String name, String value) {
        assertThatThrownBy(() -> check(name, value))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(name)
                .hasMessageNotContaining(value);
    }

    @ParameterizedTest
    @CsvSource({
        "throughline.http.public-metrics, true",
        "throughline.http.public-metrics, False",
        "throughline.http.allowed-hosts, 'gateway.example, other_name'"
    })
    void whatIsMeantIsTaken(String name, String value) {
        assertThatCode(() -> check(name, value)).doesNotThrowAnyException();
    }

    @Test
    void whatShipsIsInRange() {
        SmallRyeConfig shipped = new SmallRyeConfigBuilder()
                .withMapping(ServerConfig.class)
                .withMapping(HttpConfig.class)
                .withMapping(IngestConfig.class)
                .withMapping(OtlpConfig.class)
                .withConverter(Path.class, 200, Path::of)
                .build();
        assertThat(shipped.getValue("throughline.ingest.read-timeout-ms", Long.class))
                .isEqualTo(30_000);
        assertThatCode(() -> SettingRanges.check(shipped)).doesNotThrowAnyException();
    }

    private static void check(String name, String value) {
        SettingRanges.check(
                new SmallRyeConfigBuilder().withDefaultValue(name, value).build());
    }
}
