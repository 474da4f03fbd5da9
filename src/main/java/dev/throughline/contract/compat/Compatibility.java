package dev.throughline.contract.compat;

/** Both directions of one change. */
public record Compatibility(Verdict backward, Verdict forward) {
    public Verdict of(Direction direction) {
        return switch (direction) {
            case BACKWARD -> backward;
            case FORWARD -> forward;
        };
    }
}
