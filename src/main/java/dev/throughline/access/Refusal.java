package dev.throughline.access;

import dev.throughline.ProblemDetail;

/** What a request is refused with before anything looks at what it asks for. */
enum Refusal {
    MALFORMED(400, "malformed_request", "Malformed request", "The path, the query or a header cannot be read."),
    UNKNOWN_HOST(
            403,
            "unknown_host",
            "Unknown host",
            "The name in the Host header is not this program's; throughline.http.allowed-hosts takes more names."),
    FOREIGN_ORIGIN(
            403,
            "foreign_origin",
            "Foreign origin",
            "A page of another origin may not ask; throughline.http.allowed-hosts takes more names."),
    URI_TOO_LONG(414, "uri_too_long", "Uri too long", "The path with its query is over its bound."),
    HEADERS_TOO_LARGE(431, "headers_too_large", "Headers too large", "The headers together are over their bound.");

    private final int status;

    @SuppressWarnings("ImmutableEnumChecker") // never handed out to be written to
    private final byte[] json;

    Refusal(int status, String code, String title, String detail) {
        this.status = status;
        this.json = ProblemDetail.json(status, code, title, detail);
    }

    int status() {
        return status;
    }

    /** The problem document; not to be changed. */
    byte[] json() {
        return json;
    }
}
