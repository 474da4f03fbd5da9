package dev.throughline.masking;

import dev.throughline.masking.detect.Detector;

/** Hears which rules change something: what a trial of a policy reports, and a shadow rule counts. */
public interface RuleListener {
    /**
     * A rule for fields changed a value.
     *
     * @param action that of the rule, the same object that the rule was made with
     */
    void field(Action action);

    /** One hit. */
    void detector(Detector detector);
}
