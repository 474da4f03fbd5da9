package dev.throughline.masking;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which texts and numbers of documents of one shape are to be looked at, and how: what a walk over one of them came to. Names,
 * rules and exemptions follow from the shape; what is in a text does not, and is looked at each time. Belongs to the session that
 * made it.
 */
public final class MaskingPlan {
    private int[] nodes = new int[32];
    private int[] flags = new int[32];
    private int[] contexts = new int[32];
    private @Nullable Action[] actions = new Action[32];
    private int count;
    private boolean usable = true;

    MaskingPlan() {}

    /** Whether all that was met follows from the shape; else the plan must not be used. */
    public boolean isUsable() {
        return usable;
    }

    void giveUp() {
        usable = false;
    }

    void add(int node, int flag, int context, @Nullable Action action) {
        if (count == nodes.length) {
            nodes = Arrays.copyOf(nodes, 2 * count);
            flags = Arrays.copyOf(flags, 2 * count);
            contexts = Arrays.copyOf(contexts, 2 * count);
            actions = Arrays.copyOf(actions, 2 * count);
        }
        nodes[count] = node;
        flags[count] = flag;
        contexts[count] = context;
        actions[count++] = action;
    }

    int count() {
        return count;
    }

    int node(int i) {
        return nodes[i];
    }

    int flags(int i) {
        return flags[i];
    }

    int context(int i) {
        return contexts[i];
    }

    @Nullable
    Action action(int i) {
        return actions[i];
    }

    @Override
    public String toString() {
        return "MaskingPlan[" + count + " values" + (usable ? "]" : ", not usable]");
    }
}
