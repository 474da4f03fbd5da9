package dev.throughline.ingest;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.TimeUnit;

/**
 * The pipeline's own traces: a span a request with one for the work and one for the wait for the disk, at the sampling rate of
 * {@code quarkus.otel.traces.sampler.arg}. Costs nothing where tracing is off. Attributes are counts and codes, never content.
 */
@ApplicationScoped
public class IngestTraces {
    private final Tracer tracer;

    IngestTraces(Tracer tracer) {
        this.tracer = tracer;
    }

    /** The span of a request that waited and was read since {@code elapsedNanos}. */
    Span request(Protocol protocol, long nowNanos, long elapsedNanos) {
        return tracer.spanBuilder("ingest")
                .setNoParent()
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(nowNanos - elapsedNanos, TimeUnit.NANOSECONDS)
                .setAttribute("throughline.protocol", protocol.label())
                .setAttribute("throughline.kind", protocol.kind().name())
                .startSpan();
    }

    /** A step of it, from now until it is ended. */
    Span step(Span request, String name) {
        return tracer.spanBuilder(name).setParent(Context.root().with(request)).startSpan();
    }

    /** Ends a request's span with what became of it. */
    void end(Span request, Outcome outcome) {
        if (outcome instanceof Outcome.Processed processed) {
            request.setAttribute("throughline.received", processed.tally().received());
            request.setAttribute("throughline.refused", processed.tally().refused());
        } else {
            request.setStatus(StatusCode.ERROR, outcome.getClass().getSimpleName());
        }
        request.end();
    }
}
