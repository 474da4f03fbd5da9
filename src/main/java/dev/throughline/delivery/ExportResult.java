package dev.throughline.delivery;

import java.time.Duration;
import java.util.List;

/** What became of a batch. */
public sealed interface ExportResult {
    /**
     * All of it is durable at the destination.
     *
     * @param records how many the batch had
     * @param duplicates how many of them were there before, where the destination can tell
     */
    record Delivered(int records, int duplicates) implements ExportResult {}

    /**
     * All but these are durable; these never can be.
     *
     * @param failures ascending by index, not empty
     */
    record DeliveredExcept(List<PermanentFailure> failures) implements ExportResult {
        public DeliveredExcept {
            failures = List.copyOf(failures);
        }
    }

    /**
     * Not all of it is there yet.
     *
     * @param atLeast how long the destination wants to be left alone; zero where it does not say
     * @param code why, in lower snake case
     */
    record RetryAfter(Duration atLeast, String code) implements ExportResult {}
}
