package dev.throughline.cli;

import dev.throughline.PrivateFiles;
import dev.throughline.StartupException;
import dev.throughline.policy.PolicyException;
import dev.throughline.spool.SpoolException;
import io.quarkus.runtime.QuarkusBindException;
import io.smallrye.config.ConfigValidationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Why a command ended, for people: one line with a stable code and what to do. Messages are shown where they are our own; what a
 * library says may hold values, and is left to its kind.
 */
final class FailureLine {
    private static final int CAUSES_MAX = 20;
    private static final String OURS = "dev.throughline.";
    private static final Pattern KEY = Pattern.compile("\\b(?:throughline|quarkus)\\.[A-Za-z0-9_.-]*[A-Za-z0-9]");
    private static final List<PortOption> PORTS = List.of(
            new PortOption("--http-port", "throughline.http.port", 8080),
            new PortOption("--otlp-http-port", "throughline.otlp.http-port", 4318),
            new PortOption("--otlp-grpc-port", "throughline.otlp.grpc-port", 4317),
            new PortOption("throughline.probes.port", "throughline.probes.port", 0));

    private record PortOption(String option, String key, int standard) {
        int port() {
            return ConfigProvider.getConfig()
                    .getOptionalValue(key, Integer.class)
                    .orElse(standard);
        }
    }

    private FailureLine() {}

    /** {@code throughline: code: what happened; what to do}, without a line's end. */
    static String of(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++, cause = cause.getCause()) {
            String told = told(cause);
            if (told != null) {
                return line(told);
            }
        }
        return line("unexpected_failure: " + failure.getClass().getName()
                + "; the log on standard output may say more, and it is a defect worth a report");
    }

    /** What is wrong with a command's words, and where they are told. */
    static String usage(String wrong, String command) {
        return line("invalid_option: " + wrong + "; ./" + command + " --help says what it takes");
    }

    private static String line(String told) {
        return "throughline: " + told.replaceAll("\\p{Cntrl}", "?");
    }

    private static @Nullable String told(Throwable cause) {
        return switch (cause) {
            // Its message begins with the place; people and scripts look for the code first.
            case PolicyException e ->
                e.code() + ": policy, " + String.valueOf(e.getMessage()).replaceFirst(": " + e.code() + ": ", ": ")
                        + "; ./throughline policy check DIR says all of it; correct it there, or leave --policy out";
            case StartupException e -> e.code() + ": " + e.getMessage();
            case IOException e
            when String.valueOf(e.getMessage()).contains("Too many open files") ->
                "too_many_open_files: every file and connection that this process may have is open; raise the limit with"
                        + " ulimit -n, or LimitNOFILE= of its service";
            case SpoolException e -> spool(e);
            case QuarkusBindException e -> taken(List.of("port " + e.getPort()));
            case BindException _ -> ports();
            case ConfigValidationException e -> configuration(e);
            case UncheckedIOException e
            when isOurs(e) ->
                "file_unusable: " + e.getMessage() + kind(e.getCause()) + "; see that it can be read and written";
            case FileSystemException e
            when e.getFile() != null ->
                "file_unusable: " + e.getFile() + kind(e) + "; see that it is there and can be read and written";
            case IllegalArgumentException e
            when e.getCause() == null && isOurs(e) -> "invalid_setting: " + e.getMessage();
            case IllegalStateException e when e.getCause() == null && isOurs(e) -> "invalid_state: " + e.getMessage();
            default -> null;
        };
    }

    private static boolean isOurs(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        return e.getMessage() != null
                && trace.length > 0
                && trace[0].getClassName().startsWith(OURS);
    }

    private static String spool(SpoolException e) {
        return e.getMessage()
                + (e.code().equals(SpoolException.UNUSABLE)
                        ? kind(e.getCause()) + "; --data is to name a directory that can be made and written"
                        : "");
    }

    private static String kind(@Nullable Throwable cause) {
        return cause instanceof IOException e ? PrivateFiles.reason(e) : "";
    }

    /** Who binds in vain is not told which port it was. */
    private static String ports() {
        List<String> taken = new ArrayList<>();
        List<String> all = new ArrayList<>();
        for (PortOption option : PORTS) {
            int port = option.port();
            all.add(option.option() + " " + port);
            if (port != 0 && isTaken(port)) {
                taken.add(option.option() + " " + port);
            }
        }
        return taken(taken.isEmpty() ? List.of("one of " + String.join(", ", all)) : taken);
    }

    private static String taken(List<String> ports) {
        return "port_unavailable: another process has " + String.join(" and ", ports)
                + "; stop it, or give another port (0: any free one) with --http-port, --otlp-http-port, --otlp-grpc-port";
    }

    private static boolean isTaken(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** The keys only: a value may be a secret. */
    private static String configuration(ConfigValidationException e) {
        TreeSet<String> keys = new TreeSet<>();
        for (int i = 0; i < e.getProblemCount(); i++) {
            Matcher key = KEY.matcher(String.valueOf(e.getProblem(i).getMessage()));
            if (key.find()) {
                keys.add(key.group());
            }
        }
        return "invalid_setting: the value of "
                + (keys.isEmpty() ? "a configuration key" : String.join(", ", keys))
                + " cannot be used; README.md has the keys and what they take";
    }
}
