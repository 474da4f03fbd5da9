package dev.throughline.cli.packaged;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.MaskedRecords;
import dev.throughline.telemetry.RecordFrame;
import dev.throughline.telemetry.Signal;
import io.airlift.compress.v3.lz4.Lz4JavaCompressor;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A program with the outside of the packaged one: ports, token, ingest, status and store files. It keeps what it acknowledges, or,
 * with {@code --lossy}, answers before it keeps, or, with {@code --doubling}, keeps a record again when it is sent again, or,
 * with {@code --tired}, takes nothing after its first life.
 */
public final class FakeProgram {
    private final Path data;
    private final boolean lossy;
    private final boolean doubling;
    private final boolean storeless;
    private final boolean tired;
    private final AtomicLong accepted = new AtomicLong();
    private final Connection database;

    private FakeProgram(List<String> arguments) throws IOException, SQLException {
        data = Path.of(arguments.get(arguments.indexOf("--data") + 1));
        lossy = arguments.contains("--lossy");
        doubling = arguments.contains("--doubling");
        storeless = arguments.contains("--store");
        tired = arguments.contains("--tired") && Files.exists(data.resolve("store"));
        Path directory = Files.createDirectories(data.resolve("store").resolve("operational.logs"));
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + directory.resolve("2026-11-23.db"));
        database = source.getConnection();
        try (var statement = database.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS ids (id TEXT UNIQUE)");
            statement.execute("CREATE TABLE IF NOT EXISTS blocks (first INTEGER PRIMARY KEY AUTOINCREMENT,"
                    + " records INTEGER, raw_bytes INTEGER, frames BLOB)");
        }
        database.setAutoCommit(false);
    }

    public static void main(String[] arguments) throws Exception {
        new FakeProgram(Arrays.asList(arguments)).serve();
    }

    private void serve() throws IOException {
        HttpServer http = server();
        HttpServer otlp = server();
        http.createContext("/v1/status", this::status);
        http.createContext("/v1/events", exchange -> take(exchange, structured(exchange)));
        otlp.createContext("/v1/logs", exchange -> take(exchange, logs(exchange)));
        otlp.createContext("/v1/traces", exchange -> take(exchange, spans(exchange)));
        http.start();
        otlp.start();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
        Path run = Files.createDirectories(data.resolve("run"));
        Files.writeString(run.resolve("token"), "fake-token\n");
        Files.writeString(
                run.resolve("ports.json"),
                "{\"pid\":%d,\"http\":%d,\"otlp_http\":%d,\"otlp_grpc\":0}"
                        .formatted(
                                ProcessHandle.current().pid(),
                                http.getAddress().getPort(),
                                otlp.getAddress().getPort()));
    }

    private static HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        return server;
    }

    private static List<String> structured(HttpExchange exchange) throws IOException {
        List<String> ids = new ArrayList<>();
        for (String line : new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
            ids.add(line.substring(line.indexOf("corr_"), line.indexOf("corr_") + 31));
        }
        return ids;
    }

    private static List<String> logs(HttpExchange exchange) throws IOException {
        return ExportLogsServiceRequest.parseFrom(exchange.getRequestBody()).getResourceLogsList().stream()
                .flatMap(resource -> resource.getScopeLogs(0).getLogRecordsList().stream())
                .map(log -> correlationId(log.getAttributesList()))
                .toList();
    }

    private static List<String> spans(HttpExchange exchange) throws IOException {
        return ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()).getResourceSpansList().stream()
                .flatMap(resource -> resource.getScopeSpans(0).getSpansList().stream())
                .map(span -> correlationId(span.getAttributesList()))
                .toList();
    }

    private static String correlationId(List<KeyValue> attributes) {
        return attributes.stream()
                .filter(a -> a.getKey().equals("correlation_id"))
                .findFirst()
                .orElseThrow()
                .getValue()
                .getStringValue();
    }

    private void take(HttpExchange exchange, List<String> ids) throws IOException {
        if (!"Bearer fake-token".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "");
            return;
        }
        if (tired) {
            answer(exchange, 503, "");
            return;
        }
        String counts =
                "{\"received\":%d,\"accepted\":%d,\"refused\":0,\"duplicates\":0}".formatted(ids.size(), ids.size());
        boolean structured = exchange.getRequestURI().getPath().equals("/v1/events");
        if (lossy) {
            answer(exchange, 200, structured ? counts : "");
        }
        try {
            if (lossy) {
                Thread.sleep(50);
            }
            keep(ids);
            if (doubling) {
                Thread.sleep(50);
            }
        } catch (SQLException | InterruptedException e) {
            throw new IOException(e);
        }
        accepted.addAndGet(ids.size());
        if (!lossy) {
            answer(exchange, 200, structured ? counts : "");
        }
    }

    private synchronized void keep(List<String> ids) throws SQLException {
        MaskedRecords frames = new MaskedRecords();
        try (PreparedStatement insert = database.prepareStatement("INSERT OR IGNORE INTO ids VALUES (?)")) {
            for (String id : ids) {
                insert.setString(1, id);
                if (insert.executeUpdate() == 1 || doubling) {
                    frame(frames, id);
                }
            }
        }
        try (PreparedStatement insert =
                database.prepareStatement("INSERT INTO blocks (records, raw_bytes, frames) VALUES (?, ?, ?)")) {
            byte[] raw = Arrays.copyOf(frames.bytes(), frames.length());
            byte[] packed = new byte[new Lz4JavaCompressor().maxCompressedLength(raw.length)];
            int length = new Lz4JavaCompressor().compress(raw, 0, raw.length, packed, 0, packed.length);
            insert.setInt(1, frames.count());
            insert.setInt(2, raw.length);
            insert.setBytes(3, length < raw.length ? Arrays.copyOf(packed, length) : raw);
            insert.executeUpdate();
        }
        database.commit();
    }

    private static void frame(MaskedRecords frames, String id) {
        byte[] payload = ("{\"correlation_id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
        int[] slots = new int[2 * RecordFrame.SLOTS];
        for (int i = 0; i < RecordFrame.SLOTS; i++) {
            slots[2 * i] = -1;
        }
        slots[2 * Field.CORRELATION_ID.ordinal()] = payload.length - 2 - id.length();
        slots[2 * Field.CORRELATION_ID.ordinal() + 1] = id.length();
        frames.append(
                Signal.LOG,
                payload,
                payload.length,
                slots,
                new MaskedRecords.Stamp(0, 0),
                id.hashCode(),
                id.hashCode());
    }

    private void status(HttpExchange exchange) throws IOException {
        long count = accepted.get();
        answer(
                exchange,
                200,
                "{\"received\":%d,\"accepted\":%d,\"refused\":0,\"quarantined\":0,\"duplicates\":0,\"streams\":{\"operational.logs\":{\"spooled_records\":%d,\"spooled_bytes\":0,\"delivered\":%d}}}"
                        .formatted(count, count, storeless ? count : 0, storeless ? 0 : count));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Its command line, in a JVM of its own. */
    public static PackagedProgram command() {
        return new PackagedProgram(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakeProgram.class.getName()),
                "a stand-in");
    }
}
