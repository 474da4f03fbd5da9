package dev.throughline.server;

import dev.throughline.ingest.IngestMetrics;
import dev.throughline.policy.ActivePolicy;
import dev.throughline.spool.Spool;
import dev.throughline.spool.SpoolStats;
import dev.throughline.telemetry.JsonWriter;
import dev.throughline.telemetry.Stream;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The numbers of this process, for the page and for scripts. */
@Path("/v1/status")
@Tag(name = "status")
public class StatusResource {
    private final IngestMetrics ingest;
    private final Spool spool;
    private final ActivePolicy policy;

    StatusResource(IngestMetrics ingest, Spool spool, ActivePolicy policy) {
        this.ingest = ingest;
        this.spool = spool;
        this.policy = policy;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Counts since start, and what the spool holds",
            description =
                    "received = accepted + refused + turned_away; what is accepted and no duplicate is spooled until "
                            + "every exporter has delivered it. `delivered` counts what was kept since start; what is spooled "
                            + "can be of an earlier run.")
    public byte[] status() {
        JsonWriter out = new JsonWriter(1024);
        out.raw('{').member("received").number(ingest.receivedTotal());
        out.member("accepted").number(ingest.acceptedTotal());
        out.member("refused").number(ingest.refusedTotal());
        out.member("quarantined").number(ingest.quarantinedTotal());
        out.member("duplicates").number(ingest.duplicatesTotal());
        out.member("turned_away").number(ingest.turnedAwayTotal());
        out.member("policy").string(policy.current().shortHash());
        out.member("streams").raw('{');
        for (Stream stream : Stream.values()) {
            SpoolStats stats = spool.stats(stream);
            out.member(stream.label()).raw('{');
            out.member("kept").number(ingest.keptTotal(stream));
            out.member("spooled_records").number(stats.backlogRecords());
            out.member("spooled_bytes").number(stats.backlogBytes());
            out.member("disk_bytes").number(stats.diskBytes());
            out.member("delivered").number(deliveredSinceStart(stats));
            out.member("exporters").raw('{');
            for (SpoolStats.Cursor cursor : stats.cursors()) {
                out.member(cursor.exporter()).raw('{');
                out.member("delivered_records").number(cursor.delivered());
                out.member("backlog_records").number(cursor.backlogRecords()).raw('}');
            }
            out.raw('}').raw('}');
        }
        return out.raw('}').raw('}').toByteArray();
    }

    /** Streams are delivered in order: what is not delivered yet are the newest records. */
    private static long deliveredSinceStart(SpoolStats stats) {
        return Math.max(0, stats.appendedSinceOpen() - stats.backlogRecords());
    }
}
