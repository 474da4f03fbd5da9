package dev.throughline.cli.load;

import java.time.Duration;
import java.util.List;

/**
 * What to send.
 *
 * @param bodies sent round and round, each round with another stamp
 * @param requests how many in all
 * @param firstRequest number of the first, so that a second plan over the same bodies repeats nothing of the first
 * @param requestsPerSecond offered rate; 0 for as fast as answers come
 * @param deadline when to give up
 */
public record LoadPlan(
        List<RequestBody> bodies,
        long requests,
        long firstRequest,
        double requestsPerSecond,
        int connections,
        Duration deadline) {
    public LoadPlan {
        bodies = List.copyOf(bodies);
        if (bodies.isEmpty() || connections < 1) {
            throw new IllegalArgumentException("a plan needs a body and a connection");
        }
        if ((firstRequest + requests - 1) / bodies.size() >= RequestBody.STAMPS_MAX) {
            throw new IllegalArgumentException("too many requests: records would repeat");
        }
    }

    RequestBody body(long request) {
        return bodies.get((int) (request % bodies.size()));
    }

    int pass(long request) {
        return (int) (request / bodies.size());
    }
}
