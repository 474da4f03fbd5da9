package dev.throughline.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;

/** Renders a kustomization as {@code kubectl apply -k} does, without a cluster. */
final class Kustomize {
    private static final ObjectMapper YAML = new ObjectMapper(
            YAMLFactory.builder().loaderOptions(withoutDuplicateKeys()).build());

    private Kustomize() {}

    private static LoaderOptions withoutDuplicateKeys() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return options;
    }

    static Manifests render(Path kustomization) {
        List<String> command = new ArrayList<>(tool());
        command.add(kustomization.toString());
        try {
            Path errors = Files.createTempFile("kustomize", ".err");
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            byte[] rendered = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + Files.readString(errors));
            }
            Files.delete(errors);
            return documents(rendered);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The documents of one YAML file. */
    static Manifests read(Path file) {
        try {
            return documents(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Manifests documents(byte[] yaml) throws IOException {
        List<ObjectNode> documents = new ArrayList<>();
        try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            values.readAll().stream()
                    .filter(JsonNode::isObject)
                    .forEach(document -> documents.add((ObjectNode) document));
        }
        return new Manifests(documents);
    }

    private static List<String> tool() {
        if (isOnPath("kubectl")) {
            return List.of("kubectl", "kustomize");
        }
        if (isOnPath("kustomize")) {
            return List.of("kustomize", "build");
        }
        throw new AssertionError("The manifests cannot be rendered: neither kubectl nor kustomize is on the PATH. "
                + "`./throughline test` installs kustomize; or install one of them yourself.");
    }

    private static boolean isOnPath(String command) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, command))) {
                return true;
            }
        }
        return false;
    }
}
