package dev.throughline.policy.document;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is found wrong while documents are read, up to a bound. Not thread-safe. */
public final class Problems {
    /** More would help nobody. */
    public static final int RECORDED_MAX = 100;

    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(
                    (Problem problem) -> problem.place().file())
            .thenComparingInt(problem -> problem.place().line())
            .thenComparingInt(problem -> problem.place().column());
    private static final int DETAIL_CHARACTERS_MAX = 300;

    private final List<Problem> all = new ArrayList<>();
    private int dropped;

    public void add(Place place, String pointer, String code, String detail) {
        if (all.size() == RECORDED_MAX) {
            dropped++;
            return;
        }
        String line = detail.replaceAll("\\p{Cntrl}", "?");
        String file = place.file().replaceAll("\\p{Cntrl}", "?");
        all.add(new Problem(
                new Place(file, place.line(), place.column()),
                pointer.replaceAll("\\p{Cntrl}", "?"),
                code,
                line.length() > DETAIL_CHARACTERS_MAX ? line.substring(0, DETAIL_CHARACTERS_MAX) + "…" : line));
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** Those beyond the bound. */
    public int dropped() {
        return dropped;
    }

    /** In the order of files, lines and columns, each once. */
    public List<Problem> list() {
        return all.stream().distinct().sorted(BY_PLACE).toList();
    }

    @Override
    public String toString() {
        return all.toString();
    }
}
