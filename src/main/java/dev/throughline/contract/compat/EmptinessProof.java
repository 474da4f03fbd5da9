package dev.throughline.contract.compat;

import dev.throughline.contract.compat.Shape.Limit;
import dev.throughline.contract.pattern.TextAutomaton.Search;

/** Proves that there is no value of which the facts hold. */
record EmptinessProof(Prover prover, Goal goal) {

    boolean holds() {
        Facts facts = goal.facts();
        boolean impossible = switch (facts.kind) {
            case INTEGER, FRACTION -> isImpossibleNumber(facts);
            case STRING -> isImpossibleText(facts);
            case ARRAY -> ArrayProof.isImpossible(prover, goal);
            case OBJECT -> ObjectProof.isImpossible(prover, goal);
            case NULL, BOOLEAN -> false;
        };
        return impossible
                || facts.negated().stream().anyMatch(shape -> prover.proves(goal.place(), shape, facts.kind, null));
    }

    private static boolean isImpossibleNumber(Facts facts) {
        Limit lower = facts.lower();
        Limit upper = facts.upper();
        if (lower != null && upper != null) {
            int order = lower.value().compareTo(upper.value());
            if (order > 0 || (order == 0 && (lower.exclusive() || upper.exclusive()))) {
                return true;
            }
        }
        return facts.kind == Kind.FRACTION && facts.multiples().stream().anyMatch(Numbers::isWhole);
    }

    private boolean isImpossibleText(Facts facts) {
        Search found =
                prover.patterns.search(facts.patterns(), facts.avoidedPatterns(), facts.lengthMin(), facts.lengthMax());
        return found instanceof Search.Nothing;
    }
}
