package dev.throughline.contract.compat;

import java.util.List;

/** What is known of one direction. Only {@link Compatible} is a promise. */
public sealed interface Verdict {
    /** Proved: no record conforms to the one schema and not to the other. */
    record Compatible() implements Verdict {}

    /**
     * Refuted: at least one finding has a counterexample.
     *
     * @param omitted findings beyond {@link SchemaCompatibility#FINDINGS_MAX}
     */
    record Incompatible(List<Finding> findings, int omitted) implements Verdict {
        public Incompatible {
            findings = List.copyOf(findings);
        }
    }

    /**
     * Neither: the change lies in keywords of which the comparison proves nothing, and no counterexample was found. To be treated as not
     * compatible.
     *
     * @param omitted findings beyond {@link SchemaCompatibility#FINDINGS_MAX}
     */
    record Undecided(List<Finding> findings, int omitted) implements Verdict {
        public Undecided {
            findings = List.copyOf(findings);
        }
    }
}
