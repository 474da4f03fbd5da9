package dev.throughline.masking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Rules by path, compiled to a machine that reads a path segment by segment: however many rules there are, a member costs one look.
 * Immutable.
 */
final class PathRules {
    static final int NOWHERE = 0;
    /** Wildcards multiply what has to be told apart. */
    static final int STATES_MAX = 20_000;

    private static final String ANY = "*";

    private final List<State> states;
    private final int root;

    /** @param otherwise where a segment leads that is not listed */
    private record State(Map<String, Integer> next, int otherwise, int rule) {}

    private PathRules(List<State> states, int root) {
        this.states = states;
        this.root = root;
    }

    int root() {
        return root;
    }

    int follow(int state, String segment) {
        State from = states.get(state);
        return from.next().getOrDefault(segment, from.otherwise());
    }

    int rule(int state) {
        return states.get(state).rule();
    }

    /** Collects paths in the order of precedence. */
    static final class Builder {
        private final List<Node> nodes = new ArrayList<>(List.of(new Node()));
        private final Map<SortedSet<Integer>, Integer> known = new HashMap<>();
        private final List<State> states = new ArrayList<>();

        private static final class Node {
            final Map<String, Integer> children = new HashMap<>();
            int rule = Integer.MAX_VALUE;
        }

        void add(List<String> segments, int rule) {
            int at = 0;
            for (String segment : segments) {
                Integer child = nodes.get(at).children.get(segment);
                if (child == null) {
                    child = nodes.size();
                    nodes.get(at).children.put(segment, child);
                    nodes.add(new Node());
                }
                at = child;
            }
            nodes.get(at).rule = Math.min(nodes.get(at).rule, rule);
        }

        /** @throws IllegalArgumentException where wildcards make too much of it */
        PathRules build() {
            states.add(new State(Map.of(), NOWHERE, FieldRules.NONE));
            known.put(new TreeSet<>(), NOWHERE);
            int root = nodes.size() == 1 ? NOWHERE : state(new TreeSet<>(List.of(0)));
            return new PathRules(List.copyOf(states), root);
        }

        private int state(SortedSet<Integer> at) {
            Integer seen = known.get(at);
            if (seen != null) {
                return seen;
            }
            int number = states.size();
            if (number == STATES_MAX) {
                throw new IllegalArgumentException("the paths with * are too many together");
            }
            known.put(at, number);
            states.add(new State(Map.of(), NOWHERE, FieldRules.NONE));
            TreeSet<Integer> any = new TreeSet<>();
            TreeSet<String> segments = new TreeSet<>();
            int rule = Integer.MAX_VALUE;
            for (int node : at) {
                rule = Math.min(rule, nodes.get(node).rule);
                segments.addAll(nodes.get(node).children.keySet());
                Integer child = nodes.get(node).children.get(ANY);
                if (child != null) {
                    any.add(child);
                }
            }
            int otherwise = state(any);
            Map<String, Integer> next = new HashMap<>();
            for (String segment : segments) {
                TreeSet<Integer> to = new TreeSet<>(any);
                for (int node : at) {
                    Integer child = nodes.get(node).children.get(segment);
                    if (child != null) {
                        to.add(child);
                    }
                }
                next.put(segment, state(to));
            }
            states.set(number, new State(next, otherwise, rule == Integer.MAX_VALUE ? FieldRules.NONE : rule));
            return number;
        }
    }
}
