package dev.throughline.contract.schema;

/** An assertion or in-place applicator that is not bound to one kind of value. */
interface Check {
    /**
     * Whether it holds for a value.
     *
     * @param track marks of the children evaluated, or {@link Evaluation#UNTRACKED}
     * @return whether it holds; where not, and violations are collected, it has recorded them
     */
    boolean holds(Evaluation run, int node, int track);
}
