package dev.throughline.storage;

/** Blocks that one search may still read. */
final class ScanBudget {
    private int blocksLeft;

    ScanBudget(int blocksMax) {
        blocksLeft = blocksMax;
    }

    void spend() {
        blocksLeft--;
    }

    boolean isSpent() {
        return blocksLeft <= 0;
    }
}
