package dev.throughline.ingest;

import java.net.InetAddress;

/**
 * The one address that all ports for senders and readers are opened on.
 *
 * @param literal an IP address, never a name: what is opened does not hang on a resolver
 * @param isLoopback whether only this machine, or in Kubernetes this pod, reaches it
 */
public record ListenAddress(String literal, boolean isLoopback) {
    /**
     * The address that a setting names.
     *
     * @throws IllegalArgumentException if it is not an IP address
     */
    public static ListenAddress of(String literal) {
        InetAddress address = parsed(literal);
        return new ListenAddress(literal, address.isLoopbackAddress());
    }

    private static InetAddress parsed(String literal) {
        try {
            if (!literal.startsWith("[")) {
                return InetAddress.ofLiteral(literal);
            }
        } catch (IllegalArgumentException _) {
            // A name, or nothing at all.
        }
        throw new IllegalArgumentException(
                "throughline.server.listen-address is to be an IP address: 127.0.0.1, or 0.0.0.0 for all");
    }

    /** As it stands in a URL that reaches it from this machine. */
    public String inUrl() {
        InetAddress address = parsed(literal);
        if (address.isAnyLocalAddress()) {
            return "127.0.0.1";
        }
        return literal.contains(":") ? "[" + literal + "]" : literal;
    }

    @Override
    public String toString() {
        return literal;
    }
}
