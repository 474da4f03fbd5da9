package dev.throughline.access;

/**
 * How many frames, chunks and requests a connection may send that bring little: HTTP/2's control frames (RFC 9113, section 10.5), frames
 * and chunks of a few bytes, requests without a token. Each costs one; requests with the token, bytes and time earn. A connection that has used
 * its allowance up is ended, or where it has the token and sends small chunks, read slowly, so that it cannot take the event loop from others. Belongs to the connection's event loop.
 */
final class Allowance {
    static final int MAX = 1_000;
    static final int A_SECOND = 100;
    static final int A_REQUEST = 20;
    /** What a request costs beside its frames that is refused for its missing or wrong token. */
    static final int A_REFUSED_REQUEST = 9;

    private static final long NANOS_EACH = 1_000_000_000L / A_SECOND;
    /** From here on a piece of a body is worth its cost: senders with the token may send small ones. */
    private static final int PIECE_BYTES = 64;

    private static final int PIECE_BYTES_AUTHENTICATED = 2;
    /** A reader grants room again, for the connection and for the stream, for as much as this. */
    private static final int READ_BYTES = 2 << 10;

    /** Who is told that his connection ends has sent some more by then. */
    private static final int GRACE = 100;

    private static final int PIECES_A_MILLI = 2;
    private static final long PAUSE_MS_MAX = 5_000;

    private int left = MAX;
    private int readBytes;
    private long countedNanos = System.nanoTime();
    private boolean authenticated;

    /** A request with the token; whether there was one before. */
    boolean admitted() {
        boolean before = authenticated;
        authenticated = true;
        earn(A_REQUEST);
        return before;
    }

    boolean isAuthenticated() {
        return authenticated;
    }

    /** For how long the connection is not read, so that its debt is paid; the debt is gone then. */
    long pauseMillis() {
        int debt = -left;
        left = Math.max(0, left);
        return Math.clamp(debt / PIECES_A_MILLI, 0, PAUSE_MS_MAX);
    }

    /** A request without the token. */
    void refused() {
        left -= A_REFUSED_REQUEST;
    }

    /** Whether nothing is left, though time has passed. */
    boolean isSpent() {
        return left < 0 && earnedByTime() < 0;
    }

    /** Bytes went to the peer, who answers them with frames of his own. */
    void sent(int bytes) {
        if (authenticated) {
            int unread = readBytes + bytes;
            earn(unread / READ_BYTES);
            readBytes = unread % READ_BYTES;
        }
    }

    /** A piece of a body; false where the allowance is used up. */
    boolean isPieceIn(int bytes) {
        earn(bytes / (authenticated ? PIECE_BYTES_AUTHENTICATED : PIECE_BYTES));
        return isIn();
    }

    /** Anything else; false where the allowance is used up. */
    boolean isIn() {
        left--;
        return left >= -GRACE || earnedByTime() >= -GRACE;
    }

    private int earnedByTime() {
        long now = System.nanoTime();
        long earned = (now - countedNanos) / NANOS_EACH;
        countedNanos = now;
        earn((int) Math.min(earned, MAX));
        return left;
    }

    private void earn(int more) {
        left = Math.min(MAX, left + more);
    }
}
