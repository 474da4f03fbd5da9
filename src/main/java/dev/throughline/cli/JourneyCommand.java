package dev.throughline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.throughline.cli.ApiOptions.NotReady;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code throughline journey ID}: asks the running program and prints the story. */
@Command(
        name = "journey",
        description = "Print everything that is kept of one correlation id, as one story.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:found",
            "1:nothing is kept of this id, or it is malformed",
            "2:the running program cannot be reached or does not answer",
            "3:some days of the store could not be read: what is printed may be incomplete"
        })
@RegisterForReflection
public final class JourneyCommand implements Callable<Integer> {
    private static final int FOUND = 0;
    private static final int NOT_FOUND = 1;
    private static final int NO_ANSWER = 2;
    private static final int MAY_BE_INCOMPLETE = 3;

    @Parameters(index = "0", paramLabel = "ID", description = "The correlation id: corr_ and a ULID.")
    String id = "";

    @Mixin
    ApiOptions api = new ApiOptions();

    @Option(names = "--json", description = "Print the answer as it came.")
    boolean json;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec().commandLine().getOut();
        PrintWriter err = spec().commandLine().getErr();
        try {
            HttpResponse<byte[]> response = api.get("/v1/journeys/" + URLEncoder.encode(id, StandardCharsets.UTF_8));
            return switch (response.statusCode()) {
                case 200 -> print(out, response.body()) ? MAY_BE_INCOMPLETE : FOUND;
                case 400, 404 -> {
                    err.println("throughline: " + detail(response.body()));
                    yield NOT_FOUND;
                }
                default ->
                    throw new NotReady(
                            "the program answered " + response.statusCode() + ": " + detail(response.body()));
            };
        } catch (NotReady e) {
            err.println("throughline: " + e.getMessage());
            return NO_ANSWER;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private CommandSpec spec() {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("the command line sets the spec before it calls");
        }
        return known;
    }

    /** Returns whether records may be missing. */
    private boolean print(PrintWriter out, byte[] body) throws NotReady {
        try {
            // Of characters: a lone surrogate in a name has no bytes that the parser of bytes would take.
            String answer = new String(body, StandardCharsets.UTF_8);
            JourneyStory story = new JourneyStory(new ObjectMapper().readTree(answer));
            if (json) {
                out.println(answer);
            } else {
                story.print(out);
            }
            return story.mayBeIncomplete();
        } catch (IOException e) {
            throw new NotReady("the answer is not a journey");
        }
    }

    private static String detail(byte[] problem) {
        try {
            JsonNode detail = new ObjectMapper()
                    .readTree(new String(problem, StandardCharsets.UTF_8))
                    .path("detail");
            return detail.isTextual() ? JourneyStory.plain(detail.asText()) : "no detail";
        } catch (JsonProcessingException e) {
            return "no detail";
        }
    }
}
