package dev.throughline.policy;

import dev.throughline.masking.MaskingRules;
import dev.throughline.policy.document.DocumentNode.Mapping;
import dev.throughline.policy.document.DocumentReader;
import dev.throughline.policy.document.Merging;
import dev.throughline.policy.document.Place;
import dev.throughline.policy.document.PolicyFiles;
import dev.throughline.policy.document.Problems;
import dev.throughline.policy.document.Section;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Reads, checks, compiles and tries a policy: what it gives has passed all of it. Stateless; everything that is wrong is told at once
 * ({@link PolicyException}).
 */
public final class PolicyLoader {
    private static final String BUILT_IN = "/policy/default-policy.yaml";
    private static final String SCHEMA = "/policy/policy-v1.schema.json";
    private static final String API_VERSION = "throughline.dev/v1";

    /** The policy that ships with the product. */
    public Policy builtIn() {
        return compile(PolicyFiles.of(Map.of()), Path.of("."));
    }

    /** The documents of a directory, in the order of their names, over the built-in policy. */
    public Policy load(Path directory) {
        return compile(read(directory), directory);
    }

    /** The files of a directory as they stand now. */
    public PolicyFiles read(Path directory) {
        Problems problems = new Problems();
        PolicyFiles files = PolicyFiles.read(directory, problems);
        if (files == null) {
            throw new PolicyException(problems);
        }
        return files;
    }

    /**
     * The policy of some files, its cases run.
     *
     * @param directory that relative paths of key files are looked for in
     */
    public Policy compile(PolicyFiles files, Path directory) {
        return bounded(files, () -> compiled(files, directory));
    }

    /** Whatever is in the files, it is a refusal, and the program goes on. */
    private static Policy bounded(PolicyFiles files, Supplier<Policy> work) {
        Problems problems = new Problems();
        Place place =
                Place.of(files.files().isEmpty() ? "policy" : files.files().firstKey());
        try {
            return work.get();
        } catch (OutOfMemoryError | StackOverflowError _) {
            problems.add(place, "", "too_large", "it takes more memory than there is");
        } catch (PolicyException e) {
            throw e;
        } catch (RuntimeException e) {
            problems.add(
                    place, "", "internal_error", "a defect: " + e.getClass().getName() + " at " + origin(e));
        }
        throw new PolicyException(problems);
    }

    private static String origin(RuntimeException e) {
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length == 0 ? "?" : trace[0].getClassName() + ":" + trace[0].getLineNumber();
    }

    private Policy compiled(PolicyFiles files, Path directory) {
        Problems problems = new Problems();
        Documents documents = documents(files, problems);
        Policy policy = new PolicyCompiler(documents.merged(problems), files, directory, problems).compile(hash(files));
        if (policy == null || !problems.isEmpty()) {
            throw new PolicyException(problems);
        }
        PolicyCases cases = PolicyCases.read(documents.tests(), problems);
        if (problems.isEmpty()) {
            cases.run(policy).failures().forEach(f -> problems.add(f.place(), f.pointer(), f.code(), f.detail()));
        }
        if (!problems.isEmpty()) {
            throw new PolicyException(problems);
        }
        return policy;
    }

    /** The cases beside a policy, to be run and reported. */
    public PolicyCases cases(PolicyFiles files) {
        Problems problems = new Problems();
        PolicyCases cases = PolicyCases.read(documents(files, problems).tests(), problems);
        if (!problems.isEmpty()) {
            throw new PolicyException(problems);
        }
        return cases;
    }

    /** The policy without its cases run. */
    public Policy compileUntried(PolicyFiles files, Path directory) {
        return bounded(files, () -> untried(files, directory));
    }

    private static Policy untried(PolicyFiles files, Path directory) {
        Problems problems = new Problems();
        Policy policy = new PolicyCompiler(documents(files, problems).merged(problems), files, directory, problems)
                .compile(hash(files));
        if (policy == null || !problems.isEmpty()) {
            throw new PolicyException(problems);
        }
        return policy;
    }

    /** Only the masking rules of a file or a directory, keys left out: what {@code throughline mask --policy} asks for. */
    public MaskingRules maskingRules(Path path) {
        Problems problems = new Problems();
        Section document = PolicyCompiler.section(
                Files.isDirectory(path) ? documents(read(path), problems).merged(problems) : single(path, problems),
                problems);
        MaskingSection masking = new MaskingSection(document, path);
        if (!problems.isEmpty()) {
            throw new PolicyException(problems);
        }
        return masking.rules(Map.of());
    }

    /** One file, whatever its head says: only its masking rules are wanted. */
    private static Mapping single(Path file, Problems problems) {
        PolicyFiles files = PolicyFiles.readFile(file, problems);
        Mapping document = files == null
                ? null
                : new DocumentReader(problems)
                        .read(
                                String.valueOf(file.getFileName()),
                                Objects.requireNonNull(files.files().get(PolicyFiles.SINGLE)));
        if (document == null) {
            throw new PolicyException(problems);
        }
        return document;
    }

    /** The documents of a policy by kind. */
    private record Documents(List<Mapping> policies, List<Mapping> tests) {
        Mapping merged(Problems problems) {
            Mapping builtIn = builtInDocument();
            return policies.isEmpty() ? builtIn : Merging.overlay(builtIn, Merging.merge(policies, problems));
        }
    }

    private static Documents documents(PolicyFiles files, Problems problems) {
        List<Mapping> policies = new ArrayList<>();
        List<Mapping> tests = new ArrayList<>();
        DocumentReader reader = new DocumentReader(problems);
        files.files().forEach((name, content) -> {
            Mapping document = PolicyFiles.isDocument(name) ? reader.read(name, content) : null;
            if (document != null) {
                Section head = new Section(document, "", problems);
                String kind = head.string("kind", "");
                boolean ours = head.string("apiVersion", "").equals(API_VERSION);
                if (ours && kind.equals("Policy")) {
                    policies.add(document);
                } else if (ours && kind.equals("PolicyTest")) {
                    tests.add(document);
                } else {
                    head.problem(
                            "not_a_policy",
                            "apiVersion: " + API_VERSION + " and kind: Policy or PolicyTest are expected");
                }
            }
        });
        return new Documents(policies, tests);
    }

    private static Mapping builtInDocument() {
        Problems none = new Problems();
        Mapping document = new DocumentReader(none).read("built-in", resource(BUILT_IN));
        if (document == null) {
            throw new IllegalStateException("the built-in policy is broken: " + none);
        }
        return document;
    }

    /** The JSON Schema of the policy document, UTF-8. */
    public static byte[] schema() {
        return resource(SCHEMA);
    }

    private static byte[] resource(String name) {
        try (InputStream in = PolicyLoader.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("a resource is missing: " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] hash(PolicyFiles files) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(resource(BUILT_IN));
            return sha256.digest(files.hash());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java", e);
        }
    }
}
