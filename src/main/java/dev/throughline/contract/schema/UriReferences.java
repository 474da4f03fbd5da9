package dev.throughline.contract.schema;

import java.nio.charset.StandardCharsets;

/** Reference resolution of RFC 3986, 5.2, which {@code java.net.URI} does for hierarchical URIs of RFC 2396 only. */
final class UriReferences {
    private UriReferences() {}

    static String withoutFragment(String uri) {
        int hash = uri.indexOf('#');
        return hash < 0 ? uri : uri.substring(0, hash);
    }

    /** The fragment, percent-decoded; empty where there is none. */
    static String fragment(String uri) {
        int hash = uri.indexOf('#');
        return hash < 0 ? "" : decode(uri.substring(hash + 1));
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int n = 0;
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low >= 0) {
                bytes[n++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[n++] = bytes[i];
            }
        }
        return new String(bytes, 0, n, StandardCharsets.UTF_8);
    }

    private static int schemeEnd(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c == ':') {
                return i;
            }
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))) {
                return -1;
            }
        }
        return -1;
    }

    /** Where the path starts, after scheme and authority. */
    private static int pathStart(String uri) {
        int at = schemeEnd(uri) + 1;
        if (!uri.startsWith("//", at)) {
            return at;
        }
        at += 2;
        while (at < uri.length() && uri.charAt(at) != '/' && uri.charAt(at) != '?') {
            at++;
        }
        return at;
    }

    /** Resolves a reference without its fragment; a relative one against an empty base stays as it is. */
    static String resolve(String base, String reference) {
        String target = withoutFragment(reference);
        if (target.isEmpty()) {
            return base;
        }
        if (schemeEnd(target) > 0) {
            return withoutDots(target);
        }
        int scheme = schemeEnd(base) + 1;
        if (target.startsWith("//")) {
            return withoutDots(base.substring(0, scheme) + target);
        }
        int path = pathStart(base);
        if (target.startsWith("/")) {
            return withoutDots(base.substring(0, path) + target);
        }
        int query = base.indexOf('?', path);
        String basePath = query < 0 ? base : base.substring(0, query);
        if (target.startsWith("?")) {
            return basePath + target;
        }
        boolean authorityOnly = path > scheme && basePath.length() == path;
        int slash = basePath.lastIndexOf('/');
        String folder = authorityOnly ? basePath + "/" : basePath.substring(0, Math.max(path, slash + 1));
        return withoutDots(folder + target);
    }

    private static String withoutDots(String uri) {
        int path = pathStart(uri);
        int query = uri.indexOf('?', path);
        String hierarchy = query < 0 ? uri.substring(path) : uri.substring(path, query);
        if (!hierarchy.startsWith("/") || !hierarchy.contains("/.")) {
            return uri;
        }
        StringBuilder out = new StringBuilder(uri.length());
        String[] segments = hierarchy.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            switch (segments[i]) {
                case "." -> out.append(last ? "/" : "");
                case ".." -> {
                    out.setLength(Math.max(0, out.lastIndexOf("/")));
                    out.append(last ? "/" : "");
                }
                default -> out.append('/').append(segments[i]);
            }
        }
        return uri.substring(0, path) + out + (query < 0 ? "" : uri.substring(query));
    }
}
