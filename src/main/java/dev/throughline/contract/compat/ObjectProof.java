package dev.throughline.contract.compat;

import dev.throughline.contract.compat.MemberRule.Asked;
import dev.throughline.contract.compat.Place.Step;
import dev.throughline.contract.compat.Shape.ObjectAsks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Proves what a schema asks of an object beside its members: which there must be, and how many. */
record ObjectProof(Prover prover, Goal goal) {

    boolean holds() {
        ObjectAsks asks = goal.right().objects;
        Facts facts = goal.facts();
        boolean ok = true;
        for (String name : asks.required()) {
            ok &= facts.required().contains(name) || goal.fails("required", null, name);
        }
        int least = facts.propertiesMin();
        ok &= least >= asks.minProperties()
                || goal.fails("minProperties", least == 0 ? null : least, asks.minProperties());
        int most = facts.propertiesMax();
        ok &= most <= asks.maxProperties()
                || new MemberProof(prover, goal).namesMax() <= asks.maxProperties()
                || goal.fails("maxProperties", most == Shape.UNBOUNDED ? null : most, asks.maxProperties());
        if (!ok && goal.report() == null) {
            return false;
        }
        ok &= holdsDependent(asks);
        ok &= new MemberProof(prover, goal).holds();
        return ok;
    }

    private boolean holdsDependent(ObjectAsks asks) {
        boolean ok = true;
        for (Map.Entry<String, List<String>> entry : asks.dependentRequired().entrySet()) {
            for (String name : entry.getValue()) {
                ok &= proves(entry.getKey(), prover.classes.requiring(name))
                        || goal.fails("dependentRequired", null, entry.getKey() + " → " + name);
            }
        }
        for (Map.Entry<String, Shape> entry : asks.dependentSchemas().entrySet()) {
            ok &= proves(entry.getKey(), entry.getValue()) || goal.fails("dependentSchemas", null, entry.getKey());
        }
        return ok;
    }

    /** Whether it holds where a member of this name is there. */
    private boolean proves(String present, Shape right) {
        List<Shape> known = new ArrayList<>(goal.place().left());
        known.add(prover.classes.requiring(present));
        return prover.proves(goal.place().knowing(known), right, Kind.OBJECT, null);
    }

    /** Whether there cannot be such an object. */
    static boolean isImpossible(Prover prover, Goal goal) {
        Facts facts = goal.facts();
        if (facts.propertiesMin() > Math.min(facts.propertiesMax(), new MemberProof(prover, goal).namesMax())) {
            return true;
        }
        for (String name : facts.required()) {
            List<Shape> known = facts.member(name, prover.patterns);
            Place member = goal.place().within(new Step.Member(name), known, "required", "");
            if (!facts.mayHave(name) || (!known.isEmpty() && prover.proves(member, ShapeClasses.FALSE, null))) {
                return true;
            }
        }
        return false;
    }

    /** The schemas of those that assert something. */
    static List<Asked> asserting(List<Asked> asked) {
        return asked.stream().filter(each -> !each.shape().isTrivial()).toList();
    }
}
