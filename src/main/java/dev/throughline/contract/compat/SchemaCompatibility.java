package dev.throughline.contract.compat;

import dev.throughline.contract.schema.JsonSchema;
import dev.throughline.contract.schema.SchemaException;
import dev.throughline.contract.schema.SchemaOptions;
import dev.throughline.contract.schema.SchemaText;
import java.util.ArrayList;
import java.util.List;

/** Compares two versions of a schema. Stateless: any thread. */
public final class SchemaCompatibility {
    /** Findings of one direction that are kept. */
    public static final int FINDINGS_MAX = 50;
    /** Characters of a counterexample that is shown. */
    public static final int COUNTEREXAMPLE_CHARACTERS_MAX = 1_000;

    private SchemaCompatibility() {}

    /**
     * Compares them in both directions.
     *
     * @param oldSchema UTF-8
     * @param newSchema UTF-8
     * @param options how both are compiled
     * @throws SchemaException where one is not a schema: as {@link JsonSchema#compile}
     */
    public static Compatibility compare(byte[] oldSchema, byte[] newSchema, SchemaOptions options)
            throws SchemaException {
        return new Compatibility(
                verdict(oldSchema, newSchema, options, Direction.BACKWARD),
                verdict(newSchema, oldSchema, options, Direction.FORWARD));
    }

    /** Whether what conforms to {@code left} conforms to {@code right}. */
    private static Verdict verdict(byte[] left, byte[] right, SchemaOptions options, Direction direction)
            throws SchemaException {
        SchemaText leftText = SchemaText.read(left, options);
        SchemaText rightText = SchemaText.read(right, options);
        if (leftText.isSameAs(rightText)) {
            return new Verdict.Compatible();
        }
        Budget budget = new Budget();
        Trials trials = new Trials(budget);
        try {
            ShapeReader leftReader = new ShapeReader(trials);
            ShapeReader rightReader = new ShapeReader(trials);
            Shape from = leftReader.read(leftText);
            Shape to = rightReader.read(rightText);
            List<Shape> all = new ArrayList<>(leftReader.all());
            all.addAll(rightReader.all());
            if (leftReader.isDynamic() || rightReader.isDynamic()) {
                return undecided("dynamic_reference");
            }
            ShapeClasses classes = new ShapeClasses(all);
            Patterns patterns = new Patterns(budget);
            Sampler sampler = new Sampler(classes, patterns);
            Witnesses witnesses = new Witnesses(leftText.compiled(), rightText.compiled(), sampler, trials, budget);
            Report report = new Report(direction, classes, witnesses, trials);
            return verdict(new Prover(classes, patterns, budget), from, to, report);
        } catch (Budget.Exhausted tooLarge) {
            return undecided("work_bound_exceeded");
        }
    }

    private static Verdict verdict(Prover prover, Shape from, Shape to, Report report) {
        List<Finding> findings = new ArrayList<>();
        boolean proved;
        try {
            proved = prover.proves(Place.whole(List.of(from)), to, report);
        } catch (Budget.Exhausted tooMuch) {
            proved = false;
            findings.add(finding("work_bound_exceeded"));
        }
        if (proved) {
            return new Verdict.Compatible();
        }
        findings.addAll(0, report.findings());
        if (findings.isEmpty()) {
            findings.add(finding("not_proved"));
        }
        boolean refuted = findings.stream().anyMatch(found -> found.counterexample() != null);
        int omitted = Math.max(0, findings.size() - FINDINGS_MAX);
        List<Finding> shown = findings.stream()
                .sorted(java.util.Comparator.comparing(found -> found.counterexample() == null))
                .limit(FINDINGS_MAX)
                .toList();
        return refuted ? new Verdict.Incompatible(shown, omitted) : new Verdict.Undecided(shown, omitted);
    }

    private static Verdict undecided(String code) {
        return new Verdict.Undecided(List.of(finding(code)), 0);
    }

    private static Finding finding(String code) {
        return new Finding("", "", "", code, "", null);
    }
}
