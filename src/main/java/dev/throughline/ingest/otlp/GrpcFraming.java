package dev.throughline.ingest.otlp;

/** The length-prefixed messages of gRPC over HTTP/2, for calls with one request and one response. Stateless. */
public final class GrpcFraming {
    /** A compressed flag and a big-endian length. */
    public static final int PREFIX_BYTES = 5;

    private GrpcFraming() {}

    /** What the body of a call holds. */
    public sealed interface Parsed {
        /**
         * The one message of the call.
         *
         * @param compressed with what {@code grpc-encoding} names
         */
        record Message(int from, int to, boolean compressed) implements Parsed {}

        /** Not one whole message. The code is {@code grpc_truncated}, {@code grpc_trailing_bytes} or {@code grpc_flag}. */
        record Malformed(String code) implements Parsed {}
    }

    /** Finds the message in a body that came whole. */
    public static Parsed parse(byte[] body, int from, int to) {
        if (to - from < PREFIX_BYTES) {
            return new Parsed.Malformed("grpc_truncated");
        }
        if (body[from] != 0 && body[from] != 1) {
            return new Parsed.Malformed("grpc_flag");
        }
        long length = (body[from + 1] & 0xFFL) << 24
                | (body[from + 2] & 0xFF) << 16
                | (body[from + 3] & 0xFF) << 8
                | (body[from + 4] & 0xFF);
        int start = from + PREFIX_BYTES;
        if (length > to - start) {
            return new Parsed.Malformed("grpc_truncated");
        }
        if (length < to - start) {
            return new Parsed.Malformed("grpc_trailing_bytes");
        }
        return new Parsed.Message(start, to, body[from] == 1);
    }

    /** The message behind its prefix, not compressed. */
    public static byte[] frame(byte[] message) {
        byte[] framed = new byte[PREFIX_BYTES + message.length];
        framed[1] = (byte) (message.length >>> 24);
        framed[2] = (byte) (message.length >>> 16);
        framed[3] = (byte) (message.length >>> 8);
        framed[4] = (byte) message.length;
        System.arraycopy(message, 0, framed, PREFIX_BYTES, message.length);
        return framed;
    }
}
