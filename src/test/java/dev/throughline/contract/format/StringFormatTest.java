package dev.throughline.contract.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StringFormatTest {
    private static boolean matches(String format, String text) {
        byte[] utf8 = ("[" + text + "]").getBytes(UTF_8);
        return Objects.requireNonNull(StringFormat.find(format)).matches(utf8, 1, utf8.length - 1);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
                    date-time, 2026-01-26T10:24:18.442Z, true
                    date-time, 2026-01-26t10:24:18z, true
                    date-time, 2026-01-26T10:24:18.123456789+05:30, true
                    date-time, 2026-01-26 10:24:18Z, false
                    date-time, 2026-01-26T10:24:18, false
                    date-time, 2026-02-29T10:24:18Z, false
                    date-time, 2024-02-29T10:24:18Z, true
                    date-time, 1900-02-29T10:24:18Z, false
                    date-time, 2000-02-29T10:24:18Z, true
                    date-time, 2026-01-26T23:59:60Z, true
                    date-time, 2026-01-26T22:59:60Z, false
                    date-time, 2026-01-27T01:29:60+01:30, true
                    date-time, 2026-01-26T10:24:18.Z, false
                    date-time, 2026-01-26T10:24:18+24:00, false
                    date, 2026-12-31, true
                    date, 2026-11-31, false
                    date, 2026-1-01, false
                    time, 10:24:18Z, true
                    time, 10:24:18, false
                    duration, P1Y2M3DT4H5M6S, true
                    duration, P4W, true
                    duration, P1W2D, false
                    duration, PT, false
                    duration, P1Y3D, false
                    duration, PT1H1S, false
                    email, joe.bloggs@example.com, true
                    email, `"joe b"@example.com`, true
                    email, joe@[IPv6:::1], true
                    email, joe..b@example.com, false
                    email, joe@, false
                    email, jöe@example.com, false
                    idn-email, jöe@exämple.com, true
                    idn-email, 실례@실례.테스트, true
                    hostname, a.b-c.example, true
                    hostname, -a.example, false
                    hostname, exämple.com, false
                    hostname, xn--exmple-cua.com, true
                    hostname, xn--X, false
                    idn-hostname, exämple.com, true
                    idn-hostname, 실례.테스트, true
                    idn-hostname, 〮실례.테스트, false
                    idn-hostname, Exämple.com, false
                    idn-hostname, EXÄMPLE.com, false
                    idn-hostname, a·l, false
                    idn-hostname, l·l, true
                    idn-hostname, -ä, false
                    idn-hostname, ab--ä, false
                    idn-hostname, ̀a, false
                    idn-hostname, אב, true
                    idn-hostname, אa, false
                    idn-hostname, ıs, true
                    ipv4, 127.0.0.1, true
                    ipv4, 127.0.0.01, false
                    ipv4, 256.0.0.1, false
                    ipv6, ::1, true
                    ipv6, 1:2:3:4:5:6:7:8, true
                    ipv6, 1:2:3:4:5:6:7::, true
                    ipv6, 1:2:3:4:5:6:7:8::, false
                    ipv6, ::ffff:1.2.3.4, true
                    ipv6, 1::2::3, false
                    ipv6, fe80::1%eth0, false
                    uri, http://a:80/b?c#d, true
                    uri, urn:a:b, true
                    uri, a/b, false
                    uri, http://exämple/, false
                    uri, http://[::1]/, true
                    uri, http://[v1.a]/, true
                    uri, http://[::1/, false
                    uri, http://a/%zz, false
                    uri-reference, a/b, true
                    uri-reference, a:b:c, true
                    uri-reference, 1a:b, false
                    iri, http://exämple/ü, true
                    iri, http://exämple/\uE000, false
                    iri-reference, ü/ö, true
                    iri-reference, \\ü, false
                    uuid, 2eb8aa08-AA98-11ea-b4aa-73b441d16380, true
                    uuid, 2eb8aa08-aa98-11ea-b4aa-73b441d1638g, false
                    uri-template, http://a/{b:3}/{+c*}{?d}, true
                    uri-template, http://a/{b, false
                    uri-template, http://a/{}, false
                    uri-template, a b, false
                    json-pointer, /a~0b/~1, true
                    json-pointer, /a~2, false
                    json-pointer, a, false
                    relative-json-pointer, 1/a, true
                    relative-json-pointer, 0#, true
                    relative-json-pointer, 0+1/a, true
                    relative-json-pointer, 01/a, false
                    relative-json-pointer, -1/a, false
                    relative-json-pointer, 0##, false
                    regex, ^[a-z]+(?=b)$, true
                    regex, (, false
                    regex, \\Z, false
                    """)
    void aFormatIsWhatItsRfcSays(String format, String text, boolean expected) {
        assertThat(matches(format, text)).isEqualTo(expected);
    }

    @Test
    void theEmptyTextHasOnlyTheFormatsThatAllowIt() {
        for (StringFormat format : StringFormat.values()) {
            boolean allowed = switch (format) {
                case URI_REFERENCE, IRI_REFERENCE, URI_TEMPLATE, JSON_POINTER, REGEX -> true;
                default -> false;
            };
            assertThat(format.matches(new byte[0], 0, 0)).as(format.label()).isEqualTo(allowed);
        }
    }

    @Test
    void noBytesWhateverMakeAFormatFail() {
        java.util.Random random = new java.util.Random(Long.getLong("seed", 7));
        String alphabet = "019aZ.:/-+@[]{}%~#\"\\ TPé字\u05d0";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] utf8 = text.toString().getBytes(UTF_8);
            for (StringFormat format : StringFormat.values()) {
                boolean once = format.matches(utf8, 0, utf8.length);
                assertThat(format.matches(utf8, 0, utf8.length)).isEqualTo(once);
            }
        }
    }

    @Test
    void anUnknownFormatIsNone() {
        assertThat(StringFormat.find("colour")).isNull();
    }
}
