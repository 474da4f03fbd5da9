package dev.throughline.server;

import dev.throughline.ProblemDetail;

/** The problem of a status that says all there is to say. A failure of ours is 503: senders drop what is answered 500. */
final class Problems {
    private static final int SERVER_ERRORS = 500;
    static final int UNAVAILABLE = 503;

    /** As many reads as are served at one time are under way. */
    static final ProblemDetail BUSY = problem(UNAVAILABLE, "busy", "Too many reads are under way; try again later.");

    private Problems() {}

    static ProblemDetail of(int status) {
        return switch (status) {
            case 400 -> problem(status, "malformed_request", "The path, the query or a header cannot be read.");
            case 401 -> problem(status, "unauthenticated", "A valid token is needed: Authorization: Bearer <token>.");
            case 403 -> problem(status, "forbidden", "The token does not allow this.");
            case 404 -> problem(status, "not_found", "There is nothing at this path; /openapi says what there is.");
            case 405 -> problem(status, "method_not_allowed", "This path does not serve the request's method.");
            case 406 -> problem(status, "not_acceptable", "None of the accepted media types is served here.");
            case 413 -> problem(status, "body_too_large", "The body is over its bound.");
            case 414 -> problem(status, "uri_too_long", "The path with its query is over its bound.");
            case 415 -> problem(status, "unsupported_content_type", "The content type is not served here.");
            case 503 -> problem(status, "unavailable", "Try again later.");
            default ->
                status >= SERVER_ERRORS
                        ? problem(UNAVAILABLE, "unavailable", "The request failed here; send it again later.")
                        : problem(status, "request_refused", "The request cannot be served as it is.");
        };
    }

    private static ProblemDetail problem(int status, String code, String detail) {
        String words = code.replace('_', ' ');
        return new ProblemDetail(status, code, Character.toUpperCase(words.charAt(0)) + words.substring(1), detail);
    }
}
