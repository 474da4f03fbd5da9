package dev.throughline.server;

import dev.throughline.delivery.ExportResult;
import dev.throughline.delivery.Exporter;
import dev.throughline.telemetry.Field;
import dev.throughline.telemetry.RecordBatch;
import dev.throughline.telemetry.RecordFrame;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import java.util.HashSet;
import java.util.Set;

/**
 * An exporter with a span for each batch that it is given, a root at the sampling rate of all others, linked to the senders' own
 * spans of the batch's first records. Attributes are names, counts and codes, never content. A batch that is tried again has a span
 * for each try.
 */
final class TracedExporter implements Exporter {
    private static final int LINKS_MAX = 16;
    /** Records that are looked at for links. */
    private static final int RECORDS_MAX = 256;

    private final Exporter exporter;
    private final Tracer tracer;

    TracedExporter(Exporter exporter, Tracer tracer) {
        this.exporter = exporter;
        this.tracer = tracer;
    }

    @Override
    public String name() {
        return exporter.name();
    }

    @Override
    public ExportResult export(RecordBatch batch) {
        Span span = tracer.spanBuilder("delivery.batch")
                .setNoParent()
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute("throughline.exporter", exporter.name())
                .setAttribute("throughline.stream", batch.stream().label())
                .setAttribute("throughline.records", batch.count())
                .startSpan();
        try {
            if (span.isRecording()) {
                link(span, batch);
            }
            ExportResult result = exporter.export(batch);
            tell(span, result);
            return result;
        } catch (Throwable thrown) {
            // The kind and no more; the lane retries.
            span.setAttribute("throughline.outcome", "threw");
            span.setStatus(StatusCode.ERROR, thrown.getClass().getName());
            throw thrown;
        } finally {
            span.end();
        }
    }

    private static void tell(Span span, ExportResult result) {
        switch (result) {
            case ExportResult.Delivered all -> {
                span.setAttribute("throughline.outcome", "delivered");
                span.setAttribute("throughline.duplicates", all.duplicates());
            }
            case ExportResult.DeliveredExcept some -> {
                span.setAttribute("throughline.outcome", "delivered_except");
                span.setAttribute("throughline.refused", some.failures().size());
            }
            case ExportResult.RetryAfter later -> {
                span.setAttribute("throughline.outcome", "retry");
                span.setStatus(StatusCode.ERROR, later.code());
            }
        }
    }

    private static void link(Span span, RecordBatch batch) {
        Set<SpanContext> linked = new HashSet<>();
        RecordFrame frame = new RecordFrame();
        for (int i = 0; i < Math.min(batch.count(), RECORDS_MAX) && linked.size() < LINKS_MAX; i++) {
            batch.frame(i, frame);
            SpanContext sender = SpanContext.createFromRemoteParent(
                    frame.text(Field.TRACE_ID),
                    frame.text(Field.SPAN_ID),
                    TraceFlags.getDefault(),
                    TraceState.getDefault());
            if (sender.isValid() && linked.add(sender)) {
                span.addLink(sender);
            }
        }
    }

    @Override
    public void close() {
        exporter.close();
    }
}
