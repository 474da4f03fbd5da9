package dev.throughline.cli.load;

/**
 * A running program to send to, on loopback.
 *
 * @param token what senders authenticate with; never printed
 */
public record Target(int httpPort, int otlpHttpPort, String token) {
    public static final String HOST = "127.0.0.1";

    public int port(WireForm form) {
        return switch (form.port()) {
            case HTTP -> httpPort;
            case OTLP_HTTP -> otlpHttpPort;
        };
    }

    @Override
    public String toString() {
        return "Target[" + HOST + ":" + httpPort + ", OTLP " + otlpHttpPort + "]";
    }
}
