package dev.throughline.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TraceBlueprintTest {
    private static String label(String name) {
        TraceBlueprint.Boundary boundary = TraceBlueprint.boundaryOf(name);
        return boundary == null ? "none" : boundary.label();
    }

    @Test
    void thereAreSevenBoundariesInTheOrderOfAJourney() {
        assertThat(TraceBlueprint.BOUNDARIES)
                .extracting(TraceBlueprint.Boundary::label)
                .containsExactly(
                        "ingress",
                        "queue.publish",
                        "worker.consume",
                        "transform.mapping",
                        "erp.api.request",
                        "db.commit",
                        "notification.callback");
    }

    @Test
    void aNameBelongsToABoundaryThatItIsOrContinuesAfterADot() {
        assertThat(label("ingress.webhook")).isEqualTo("ingress");
        assertThat(label("ingress.api.received")).isEqualTo("ingress");
        assertThat(label("erp.api.request")).isEqualTo("erp.api.request");
        assertThat(label("erp.api.request.failed")).isEqualTo("erp.api.request");
        assertThat(label("erp.api.requested")).isEqualTo("none");
        assertThat(label("db")).isEqualTo("none");
        assertThat(label("")).isEqualTo("none");
    }
}
