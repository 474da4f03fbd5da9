package dev.throughline.cli.torture;

import dev.throughline.cli.bench.TextTable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a run counted.
 *
 * @param sent records sent at least once
 * @param killsBeforeReady kills that hit the program while it was starting
 * @param broken connections that broke under a request
 * @param later answers that asked to come again
 * @param unexpected answers that were neither 200 nor "later"
 * @param refused records refused though they conform
 * @param lives what was acknowledged between starts and kills
 * @param ownDeaths times that the program ended without being killed
 * @param drained whether the spool was empty before the end
 * @param exitCode after SIGTERM; -1 where it had to be killed
 */
public record TortureReport(
        List<Line> lines,
        long sent,
        int kills,
        int killsBeforeReady,
        long broken,
        long later,
        long unexpected,
        long refused,
        Lives lives,
        int ownDeaths,
        boolean drained,
        int exitCode,
        Duration elapsed) {
    /** The name of the destination that may hold nothing twice. */
    public static final String STORE = "store";

    /**
     * What was found at one destination.
     *
     * @param duplicated found again as another record
     * @param redelivered found again with the same record id
     * @param inFlight found though never acknowledged
     * @param foreign found and not of this run
     */
    public record Line(
            String destination,
            long acknowledged,
            long found,
            long duplicated,
            long lost,
            long redelivered,
            long inFlight,
            long foreign) {}

    /**
     * What was acknowledged in the lives of the program that became ready. A run in which little was acknowledged shows nothing.
     *
     * @param silent lives in which nothing was
     * @param least of a life
     * @param acknowledged in all
     * @param floor what must be acknowledged in all
     */
    public record Lives(int count, int silent, long least, long acknowledged, long floor) {
        boolean enough() {
            return count > 0 && silent == 0 && acknowledged >= floor;
        }

        private String text() {
            return String.format(
                    Locale.ROOT,
                    "%,d records acknowledged of at least %,d, in each of %d lives at least %,d (%d without any)%s%n",
                    acknowledged,
                    floor,
                    count,
                    least,
                    silent,
                    enough() ? "" : ": TOO FEW");
        }
    }

    /** Enough was acknowledged, nothing lost anywhere, nothing doubled in the store, and the program ended as it should. */
    public boolean passed() {
        return lines.stream().allMatch(line -> line.lost() == 0)
                && lines.stream().noneMatch(line -> line.destination().equals(STORE) && line.duplicated() > 0)
                && lives.enough()
                && refused == 0
                && unexpected == 0
                && ownDeaths == 0
                && drained
                && exitCode == 0;
    }

    public String text() {
        List<String> headings =
                List.of("destination", "acknowledged", "found", "duplicated", "lost", "redelivered", "in flight");
        String table = TextTable.ascii(
                headings, lines.stream().map(TortureReport::cells).toList());
        return table
                + String.format(
                        Locale.ROOT,
                        "%d kills (%d while starting) in %.1f s, %,d records sent, %,d connections broke, %,d answers said later%n",
                        kills,
                        killsBeforeReady,
                        elapsed.toMillis() / 1e3,
                        sent,
                        broken,
                        later)
                + lives.text()
                + String.format(
                        Locale.ROOT,
                        "%d unexpected answers, %d records refused, %d deaths of its own, %s, exit code after SIGTERM %d: %s%n",
                        unexpected,
                        refused,
                        ownDeaths,
                        drained ? "drained" : "NOT DRAINED",
                        exitCode,
                        passed() ? "PASS" : "FAIL");
    }

    private static List<String> cells(Line line) {
        return List.of(
                line.destination(),
                number(line.acknowledged()),
                number(line.found()),
                number(line.duplicated()),
                number(line.lost()),
                number(line.redelivered()),
                number(line.inFlight()));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
