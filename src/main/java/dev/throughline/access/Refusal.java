package dev.throughline.access;

import dev.throughline.ProblemDetail;

/**
 * What a request is refused with before anything looks at what it asks for.
 *
 * @param json the problem document; not to be changed
 */
record Refusal(int status, byte[] json) {
    static final Refusal MALFORMED =
            of(400, "malformed_request", "Malformed request", "The path, the query or a header cannot be read.");
    static final Refusal UNKNOWN_HOST = of(
            403,
            "unknown_host",
            "Unknown host",
            "The name in the Host header is not this program's; throughline.http.allowed-hosts takes more names.");
    static final Refusal FOREIGN_ORIGIN = of(
            403,
            "foreign_origin",
            "Foreign origin",
            "A page of another origin may not ask; throughline.http.allowed-hosts takes more names.");
    static final Refusal URI_TOO_LONG =
            of(414, "uri_too_long", "Uri too long", "The path with its query is over its bound.");
    static final Refusal HEADERS_TOO_LARGE =
            of(431, "headers_too_large", "Headers too large", "The headers together are over their bound.");
    static final Refusal TOO_MANY_AHEAD = of(
            429,
            "too_many_requests_ahead",
            "Too many requests ahead",
            "At most 100 requests of a connection may be sent ahead of their answers; those before this one are answered.");
    static final Refusal VERSION_NOT_SUPPORTED =
            of(505, "version_not_supported", "Version not supported", "HTTP/1.0, HTTP/1.1 and HTTP/2 are spoken here.");

    private static Refusal of(int status, String code, String title, String detail) {
        return new Refusal(status, ProblemDetail.json(status, code, title, detail));
    }
}
