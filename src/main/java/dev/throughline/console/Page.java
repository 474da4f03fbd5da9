package dev.throughline.console;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * The page and its assets, held in memory. The page names each asset with a hash of its content, {@code /app.js?v=…}: under that URL it
 * may be kept for ever, and a new version of the program is another URL. Immutable.
 */
public final class Page {
    private static final int VERSION_BYTES = 8;
    private static final String FOREVER = "public, max-age=31536000, immutable";
    /** Kept, but asked for again each time (RFC 9111, section 5.2.2.4). */
    private static final String ASKED_AGAIN = "no-cache";
    /** The page's own, with what only a header can say: nobody frames it. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private Page() {}

    /** The handlers of {@code /}, {@code /index.html} and the assets, by path. */
    public static Map<String, Handler<HttpServerRequest>> routes() {
        byte[] script = read("app.js");
        byte[] style = read("app.css");
        byte[] page = new String(read("index.html"), StandardCharsets.UTF_8)
                .replace("\"/app.js\"", "\"/app.js?" + version(script) + "\"")
                .replace("\"/app.css\"", "\"/app.css?" + version(style) + "\"")
                .getBytes(StandardCharsets.UTF_8);
        return Map.of(
                "/", page(page),
                "/index.html", page(page),
                "/app.js", asset("text/javascript; charset=UTF-8", script),
                "/app.css", asset("text/css; charset=UTF-8", style));
    }

    private static Handler<HttpServerRequest> page(byte[] content) {
        Buffer page = Buffer.buffer(content); // One for all answers, of which many may not have been taken.
        return request -> request.response()
                .putHeader("Content-Type", "text/html; charset=UTF-8")
                .putHeader("Cache-Control", ASKED_AGAIN)
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .end(page);
    }

    private static Handler<HttpServerRequest> asset(String type, byte[] content) {
        Buffer asset = Buffer.buffer(content);
        String version = version(content);
        return request -> request.response()
                .putHeader("Content-Type", type)
                .putHeader("Cache-Control", version.equals(request.query()) ? FOREVER : ASKED_AGAIN)
                .end(asset);
    }

    private static String version(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return "v=" + HexFormat.of().formatHex(hash, 0, VERSION_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] read(String name) {
        try (InputStream in = Page.class.getResourceAsStream("/console/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the program has no file console/" + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the program's file console/" + name + " cannot be read", e);
        }
    }
}
