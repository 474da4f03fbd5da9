package dev.throughline.cli;

import dev.throughline.FailureCode;
import dev.throughline.storage.Finding;
import dev.throughline.storage.SqliteRecordStore;
import dev.throughline.storage.StoreCheck;
import dev.throughline.storage.StoreConfig;
import dev.throughline.storage.StoreRepair;
import dev.throughline.storage.StoreRepair.RepairedDay;
import dev.throughline.storage.StoreUnavailableException;
import dev.throughline.telemetry.JsonWriter;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code throughline store}: the embedded store of a program that is stopped. */
@RegisterForReflection
@Command(
        name = "store",
        description = "Checks and repairs the embedded store of a stopped program.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {StoreCommand.Check.class, StoreCommand.Repair.class})
public final class StoreCommand {
    private static final int WHOLE = 0;
    private static final int DAMAGED = 1;
    private static final int CANNOT_LOOK = 2;

    private StoreCommand() {}

    /** What is done with the store, while no program can open it. */
    private interface Work {
        int run(SqliteRecordStore store, Path data, PrintWriter out)
                throws IOException, SQLException, InterruptedException;
    }

    private static int run(@Nullable CommandSpec spec, Path data, Work work) {
        if (spec == null) {
            throw new IllegalStateException("the command line sets the spec before it calls");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (!Files.isDirectory(data.resolve("store"))) {
            err.println("throughline: store_not_found: there is no store in " + data
                    + "; name the folder that serve has as --data");
            return CANNOT_LOOK;
        }
        try (FileChannel lock = lock(data)) {
            if (lock.tryLock() == null) {
                return running(err, data);
            }
            try (SqliteRecordStore store = new SqliteRecordStore(data, StoreConfig.DEFAULT, InstantSource.system())) {
                return work.run(store, data, out);
            }
        } catch (OverlappingFileLockException e) {
            return running(err, data);
        } catch (StoreUnavailableException e) {
            err.println(
                    "throughline: " + e.code() + ": the store in " + data + " cannot be used; see its disk and rights");
            return CANNOT_LOOK;
        } catch (IOException | SQLException e) {
            err.println("throughline: file_unusable: a file in " + data + " cannot be used (" + FailureCode.of(e)
                    + "); see its disk and rights, and run it again");
            return CANNOT_LOOK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CANNOT_LOOK;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private static int running(PrintWriter err, Path data) {
        err.println("throughline: store_in_use: a program runs on " + data
                + " and verifies its store itself (/q/health/well); stop it first");
        return CANNOT_LOOK;
    }

    /** The lock of the running program, which is its spool's. */
    private static FileChannel lock(Path data) throws IOException {
        Path spool = data.resolve("spool");
        Path file = Files.isDirectory(spool)
                ? spool.resolve("lock")
                : data.resolve("store").resolve("lock");
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static String json(List<Finding> findings, int days, long records) {
        JsonWriter out = new JsonWriter(512);
        out.raw('{').member("whole").ascii(Boolean.toString(findings.isEmpty()));
        out.member("days").number(days).member("records").number(records);
        out.member("findings").raw('[');
        boolean more = false;
        for (Finding finding : findings) {
            if (more) {
                out.raw(',');
            }
            out.raw('{').member("stream").string(finding.stream().label());
            out.member("day").string(finding.day().toString());
            out.member("code").string(finding.code());
            out.member("place").string(finding.place()).raw('}');
            more = true;
        }
        return new String(out.raw(']').raw('}').toByteArray(), StandardCharsets.UTF_8);
    }

    private static String json(List<RepairedDay> repaired) {
        JsonWriter out = new JsonWriter(512);
        out.raw('{').member("repaired").raw('[');
        boolean more = false;
        for (RepairedDay day : repaired) {
            if (more) {
                out.raw(',');
            }
            out.raw('{').member("stream").string(day.stream().label());
            out.member("day").string(day.day().toString());
            out.member("saved")
                    .number(day.saved())
                    .member("lost")
                    .number(day.lost())
                    .raw('}');
            more = true;
        }
        return new String(out.raw(']').raw('}').toByteArray(), StandardCharsets.UTF_8);
    }

    /** {@code store check}. */
    @RegisterForReflection
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Reads the whole store, verifies every block and index, and prints a line for each damage.",
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {"0:whole", "1:damaged", "2:cannot look: no store, a running program, a disk that fails"})
    public static final class Check implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "the data folder of the stopped program")
        private Path data = Path.of("data");

        @Option(names = "--json", description = "one JSON document instead of lines")
        private boolean json;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            return run(spec, data, (store, _, out) -> {
                StoreCheck.Report report = new StoreCheck(store).run();
                if (json) {
                    out.println(json(report.findings(), report.days(), report.records()));
                } else if (report.findings().isEmpty()) {
                    out.println("whole: " + report.days() + " days, " + report.records() + " records");
                } else {
                    report.findings().forEach(out::println);
                }
                return report.findings().isEmpty() ? WHOLE : DAMAGED;
            });
        }
    }

    /** {@code store repair}. */
    @RegisterForReflection
    @Command(
            name = "repair",
            mixinStandardHelpOptions = true,
            description = {
                "Puts everything that can be read of damaged days into new files with new indexes, and says how many records"
                        + " are saved and lost.",
                "The damaged files are kept in DIR/store/damaged."
            },
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {
                "0:the store is whole and nothing was lost",
                "1:the store is whole, and records are lost",
                "2:cannot be repaired now: no store, a running program, a disk that fails"
            })
    public static final class Repair implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "the data folder of the stopped program")
        private Path data = Path.of("data");

        @Option(names = "--json", description = "one JSON document instead of lines")
        private boolean json;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            return run(spec, data, (store, folder, out) -> {
                List<RepairedDay> repaired = new ArrayList<>();
                new StoreRepair(store, folder).run(day -> {
                    repaired.add(day);
                    if (!json) {
                        out.println(line(day));
                        out.flush();
                    }
                });
                if (json) {
                    out.println(json(repaired));
                } else if (repaired.isEmpty()) {
                    out.println("nothing to repair");
                }
                return repaired.stream().anyMatch(day -> day.lost() > 0) ? DAMAGED : WHOLE;
            });
        }

        private static String line(RepairedDay day) {
            return day.stream().label() + "/" + day.day() + ": " + day.saved() + " records saved, " + day.lost()
                    + " lost" + (day.originals().isEmpty() ? "" : "; the damaged files are in " + day.originals());
        }
    }
}
