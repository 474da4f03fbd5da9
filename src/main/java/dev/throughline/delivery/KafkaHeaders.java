package dev.throughline.delivery;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The headers of the message at hand, in one array a length, so that none is allocated for a message. */
final class KafkaHeaders implements Headers {
    static final int COUNT_MAX = 6;

    private final Header[][] byCount = new Header[COUNT_MAX + 1][];
    private final Header[] headers = new Header[COUNT_MAX];
    private int count;

    KafkaHeaders() {
        for (int i = 0; i <= COUNT_MAX; i++) {
            byCount[i] = new Header[i];
        }
    }

    void clear() {
        count = 0;
    }

    @Override
    public Headers add(Header header) {
        headers[count++] = header;
        return this;
    }

    @Override
    public Header[] toArray() {
        Header[] exact = byCount[count];
        System.arraycopy(headers, 0, exact, 0, count);
        return exact;
    }

    @Override
    public Headers add(String key, byte[] value) {
        return add(new ReusedHeader(key, value));
    }

    @Override
    public Headers remove(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Header lastHeader(String key) {
        for (int i = count - 1; i >= 0; i--) {
            if (headers[i].key().equals(key)) {
                return headers[i];
            }
        }
        return null;
    }

    @Override
    public Iterable<Header> headers(String key) {
        Header last = lastHeader(key);
        return last == null ? Collections.emptyList() : List.of(last);
    }

    @Override
    public Iterator<Header> iterator() {
        return Arrays.asList(headers).subList(0, count).iterator();
    }

    /** A header whose value is written anew for each message; the array is replaced only where the length differs. */
    static final class ReusedHeader implements Header {
        private final String key;
        private byte[] value;

        ReusedHeader(String key, byte[] value) {
            this.key = key;
            this.value = value;
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public byte[] value() {
            return value;
        }

        byte[] ofLength(int length) {
            if (value.length != length) {
                value = new byte[length];
            }
            return value;
        }

        void value(byte[] other) {
            value = other;
        }
    }
}
