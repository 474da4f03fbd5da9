package dev.throughline.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;

/** Kubernetes' amounts: {@code 1536Mi}, {@code 200m}. */
final class Quantities {
    private Quantities() {}

    static boolean isQuantity(JsonNode node) {
        try {
            return node.isValueNode() && bytes(node) >= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Rounded down. */
    static long bytes(JsonNode node) {
        return Quantity.getAmountInBytes(new Quantity(node.asText())).longValue();
    }
}
