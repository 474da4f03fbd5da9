package dev.throughline.contract.compat;

/** How much one direction of a comparison may still do: first of all for the proof, and apart from it in search of counterexamples. */
final class Budget {
    /** Pairs of schemas that are compared for one kind of value. */
    static final int GOALS_MAX = 60_000;
    /** Goals within goals. */
    static final int DEPTH_MAX = 160;

    private final Purse proof = new Purse(60_000, 64 << 20, 40_000_000, 2_000);
    private final Purse search = new Purse(60_000, 64 << 20, 40_000_000, 1_000);
    private int goals = GOALS_MAX;
    private boolean searching;
    private Purse own = search;

    /** Thrown where something has to be given up. */
    static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Exhausted() {
            super(null, null, false, false);
        }
    }

    /** Values tried on schemas, bytes of these, steps of the validator, and searches through automata. */
    private static final class Purse {
        private int trials;
        private long bytes;
        private long steps;
        private int searches;

        Purse(int trials, long bytes, long steps, int searches) {
            this.trials = trials;
            this.bytes = bytes;
            this.steps = steps;
            this.searches = searches;
        }
    }

    /** Runs something that is paid from the budget of counterexamples, and only so much. */
    <T> T searching(int trialsMax, java.util.function.Supplier<T> work) {
        own = new Purse(trialsMax, search.bytes, search.steps, search.searches);
        searching = true;
        try {
            return work.get();
        } finally {
            searching = false;
            search.trials -= trialsMax - own.trials;
            search.bytes = own.bytes;
            search.steps = own.steps;
            search.searches = own.searches;
        }
    }

    void spendGoal() {
        if (--goals < 0) {
            throw new Exhausted();
        }
    }

    void spendTrial(int bytes) {
        Purse purse = searching ? own : proof;
        purse.bytes -= bytes;
        if (--purse.trials < 0 || purse.bytes < 0 || (searching && search.trials < 0)) {
            throw new Exhausted();
        }
    }

    void spendSteps(int steps) {
        Purse purse = searching ? own : proof;
        purse.steps -= steps;
        if (purse.steps < 0) {
            throw new Exhausted();
        }
    }

    void spendSearch() {
        Purse purse = searching ? own : proof;
        if (--purse.searches < 0) {
            throw new Exhausted();
        }
    }
}
