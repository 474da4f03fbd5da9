package dev.throughline.contract.pattern;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pattern as an automaton, to ask what texts there are that some patterns match and others do not. Immutable, any thread.
 */
public final class TextAutomaton {
    /** States of all automata together that one search looks at. */
    public static final int SEARCH_STATES_MAX = 40_000;

    /** Bytes tried, all states together. */
    static final int SEARCH_STEPS_MAX = 1_500_000;

    private final Dfa dfa;

    private TextAutomaton(Dfa dfa) {
        this.dfa = dfa;
    }

    /** What a search found. */
    public sealed interface Search {
        /** One of the shortest such texts. */
        record Found(String text) implements Search {}

        /** There is no such text. */
        record Nothing() implements Search {}

        /** It was given up. */
        record GivenUp() implements Search {}
    }

    /** The automaton of a pattern that compiles; null where it is not regular, or over the bounds of one. */
    public static @Nullable TextAutomaton of(String ecma) {
        try {
            Dfa dfa = DfaBuilder.build(new EcmaParser(ecma).parse());
            return dfa == null ? null : new TextAutomaton(dfa);
        } catch (PatternException malformed) {
            return null;
        }
    }

    /**
     * Looks for a text that all of {@code matched} match and none of {@code avoided} does.
     *
     * @param lengthMin in code points
     * @param lengthMax in code points; the largest int is no bound
     */
    public static Search search(
            List<TextAutomaton> matched, List<TextAutomaton> avoided, int lengthMin, int lengthMax) {
        return new Walk(matched, avoided, lengthMin, lengthMax).run();
    }

    /** Breadth first over the product of all automata, of well-formed UTF-8 and of a count of code points. */
    private static final class Walk {
        private static final int BEFORE_LEAD = 0;

        private final Dfa[] automata;
        private final int matchedCount;
        private final int lengthMin;
        private final int lengthMax;
        private final byte[] alphabet;
        private final ArrayDeque<Place> queue = new ArrayDeque<>();
        private final Set<List<Integer>> seen = new HashSet<>();

        private record Place(
                List<Integer> states,
                int utf8,
                int length,
                @Nullable Place before,
                byte step) {}

        Walk(List<TextAutomaton> matched, List<TextAutomaton> avoided, int lengthMin, int lengthMax) {
            List<Dfa> all = new ArrayList<>();
            matched.forEach(automaton -> all.add(automaton.dfa));
            avoided.forEach(automaton -> all.add(automaton.dfa));
            automata = all.toArray(new Dfa[0]);
            matchedCount = matched.size();
            this.lengthMin = lengthMin;
            this.lengthMax = lengthMax;
            alphabet = Alphabet.of(automata);
        }

        Search run() {
            List<Integer> starts = new ArrayList<>();
            for (Dfa automaton : automata) {
                starts.add(automaton.start());
            }
            visit(new Place(starts, BEFORE_LEAD, 0, null, (byte) 0));
            int steps = 0;
            for (Place place = queue.poll(); place != null; place = queue.poll()) {
                if (isGoal(place)) {
                    return new Search.Found(text(place));
                }
                steps += alphabet.length;
                if (steps > SEARCH_STEPS_MAX || seen.size() > SEARCH_STATES_MAX) {
                    return new Search.GivenUp();
                }
                for (byte b : alphabet) {
                    step(place, b);
                }
            }
            return new Search.Nothing();
        }

        private void step(Place place, byte b) {
            int utf8 = Alphabet.next(place.utf8, b & 0xFF);
            int length = place.length + (place.utf8 == BEFORE_LEAD ? 1 : 0);
            if (utf8 < 0 || length > lengthMax) {
                return;
            }
            List<Integer> states = new ArrayList<>(automata.length);
            for (int i = 0; i < automata.length; i++) {
                int state = automata[i].next(place.states.get(i), b & 0xFF);
                if (state == (i < matchedCount ? Dfa.DEAD : Dfa.ACCEPTED)) {
                    return;
                }
                states.add(state);
            }
            // Without an upper bound, lengths beyond the lower one are all the same.
            int counted = lengthMax == Integer.MAX_VALUE ? Math.min(length, lengthMin) : length;
            visit(new Place(states, utf8, counted, place, b));
        }

        private void visit(Place place) {
            List<Integer> key = new ArrayList<>(place.states);
            key.add(place.utf8);
            key.add(place.length);
            if (seen.add(key)) {
                queue.add(place);
            }
        }

        private boolean isGoal(Place place) {
            if (place.utf8 != BEFORE_LEAD || place.length < lengthMin) {
                return false;
            }
            for (int i = 0; i < automata.length; i++) {
                if (automata[i].accepts(place.states.get(i)) != i < matchedCount) {
                    return false;
                }
            }
            return true;
        }

        private static String text(Place end) {
            byte[] reversed = new byte[16];
            int n = 0;
            for (Place at = end; at.before != null; at = at.before) {
                if (n == reversed.length) {
                    reversed = Arrays.copyOf(reversed, n * 2);
                }
                reversed[n++] = at.step;
            }
            byte[] utf8 = new byte[n];
            for (int i = 0; i < n; i++) {
                utf8[i] = reversed[n - 1 - i];
            }
            return new String(utf8, StandardCharsets.UTF_8);
        }
    }

    /** Bytes that stand for all, and the automaton of UTF-8: lone surrogates are let through, as searches do. */
    private static final class Alphabet {
        private static final String FIRST = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-. ";
        private static final int[] UTF8_BORDERS = {
            0x80, 0x90, 0xA0, 0xC0, 0xC2, 0xE0, 0xE1, 0xF0, 0xF1, 0xF4, 0xF5, 0x100
        };

        private Alphabet() {}

        static byte[] of(Dfa[] automata) {
            Set<List<Integer>> classes = new HashSet<>();
            byte[] found = new byte[256];
            int n = 0;
            for (int i = 0; i < 256 + FIRST.length(); i++) {
                int b = i < FIRST.length() ? FIRST.charAt(i) : inOrder(i - FIRST.length());
                List<Integer> key = new ArrayList<>();
                int border = Arrays.binarySearch(UTF8_BORDERS, b);
                key.add(border >= 0 ? border + 1 : -border - 1);
                for (Dfa automaton : automata) {
                    key.add(automaton.classOf(b));
                }
                if (b < 0xF5 && classes.add(key)) {
                    found[n++] = (byte) b;
                }
            }
            return Arrays.copyOf(found, n);
        }

        /** Printable characters, then all else of ASCII, then all else. */
        private static int inOrder(int i) {
            return i < 0x60 ? i + 0x20 : i < 0x80 ? i - 0x60 : i;
        }

        /** How many bytes are to follow; 4, 5, 6 where the next one is bounded more closely; -1 where it is not UTF-8. */
        static int next(int state, int b) {
            boolean follows = (b & 0xC0) == 0x80;
            return switch (state) {
                case 0 -> lead(b);
                case 4 -> b >= 0xA0 && follows ? 1 : -1;
                case 5 -> b >= 0x90 && follows ? 2 : -1;
                case 6 -> b < 0x90 && follows ? 2 : -1;
                default -> follows ? state - 1 : -1;
            };
        }

        private static int lead(int b) {
            if (b < 0x80) {
                return 0;
            }
            if (b < 0xC2 || b > 0xF4) {
                return -1;
            }
            if (b < 0xE0) {
                return 1;
            }
            if (b < 0xF0) {
                return b == 0xE0 ? 4 : 2;
            }
            return b == 0xF0 ? 5 : b == 0xF4 ? 6 : 3;
        }
    }
}
