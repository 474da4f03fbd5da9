package dev.throughline.policy;

import dev.throughline.masking.Action;
import dev.throughline.masking.detect.Detector;
import dev.throughline.policy.PolicyTrial.Result;
import dev.throughline.policy.document.DocumentNode;
import dev.throughline.policy.document.DocumentNode.Mapping;
import dev.throughline.policy.document.DocumentNode.Scalar;
import dev.throughline.policy.document.JsonText;
import dev.throughline.policy.document.Problem;
import dev.throughline.policy.document.Problems;
import dev.throughline.policy.document.Section;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The cases beside a policy ({@code kind: PolicyTest}): a record, and what is to become of it. A policy whose cases do not hold is not
 * taken.
 */
public final class PolicyCases {
    private static final int CASES_MAX = 10_000;

    private final List<Case> cases;

    private PolicyCases(List<Case> cases) {
        this.cases = List.copyOf(cases);
    }

    /** @param expect verdict, code, pointer, stream, masked: what is left out may be as it likes */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Case(String name, Section section, byte[] record, Section expect) {}

    /**
     * What came of a run.
     *
     * @param passed names
     * @param failures each with the place of what was expected
     * @param found what became of the records of cases that failed, for those who wrote them: may hold what should have been masked
     * @param untouched rules, detectors, routes and schemas of the policy's own that no case touches, by kind
     */
    public record Report(
            List<String> passed,
            List<Problem> failures,
            Map<String, String> found,
            Map<String, List<String>> untouched) {}

    static PolicyCases read(List<Mapping> documents, Problems problems) {
        List<Case> cases = new ArrayList<>();
        for (Mapping document : documents) {
            Section file = new Section(document, "", problems, "apiVersion", "kind", "metadata", "cases");
            for (Section section : file.list("cases", "name", "record", "expect")) {
                String name = section.required("name");
                Section expect = section.section("expect", "verdict", "code", "pointer", "stream", "masked", "absent");
                expect.oneOf("verdict", "accepted", "accepted", "refused");
                if (!section.has("expect")) {
                    section.missing("expect");
                }
                cases.add(new Case(name, section, record(section, problems), expect));
            }
        }
        if (cases.size() > CASES_MAX) {
            problems.add(documents.getFirst().place(), "", "too_large", "at most 10,000 cases");
        }
        return new PolicyCases(cases);
    }

    private static byte[] record(Section section, Problems problems) {
        DocumentNode record = section.value("record");
        if (record == null) {
            section.missing("record");
            return new byte[0];
        }
        return record instanceof Scalar scalar && scalar.kind() == DocumentNode.Kind.STRING
                ? scalar.text().getBytes(StandardCharsets.UTF_8)
                : JsonText.of(record, section.at("record"), problems);
    }

    public int count() {
        return cases.size();
    }

    /** Runs all. */
    public Report run(Policy policy) {
        PolicyTrial trial = new PolicyTrial(policy);
        List<String> passed = new ArrayList<>();
        Problems failures = new Problems();
        Map<String, String> found = new LinkedHashMap<>();
        for (Case one : cases) {
            int before = failures.list().size() + failures.dropped();
            Result result = trial.log(one.record());
            check(one, result, failures);
            if (failures.list().size() + failures.dropped() == before) {
                passed.add(one.name());
            } else if (result instanceof Result.Accepted accepted) {
                found.put(one.name(), accepted.record());
            }
        }
        return new Report(passed, failures.list(), found, untouched(policy, trial));
    }

    private static void check(Case one, Result result, Problems failures) {
        Section expect = one.expect();
        switch (result) {
            case Result.Accepted accepted -> {
                differs(one, "verdict", expect.string("verdict", "accepted"), "accepted", failures);
                differs(
                        one,
                        "stream",
                        expect.string("stream", accepted.stream().label()),
                        accepted.stream().label(),
                        failures);
                for (String key : List.of("code", "pointer")) {
                    if (expect.has(key)) {
                        fail(one, key, "the record is accepted", failures);
                    }
                }
                masked(one, accepted.record(), failures);
            }
            case Result.Refused refused -> {
                String verdict = expect.string("verdict", "accepted");
                if (verdict.equals("accepted")) {
                    fail(
                            one,
                            "verdict",
                            "accepted is expected, and it is refused: " + refused.code() + " at " + refused.pointer()
                                    + (refused.keyword().isEmpty() ? "" : " (" + refused.keyword() + ")"),
                            failures);
                } else {
                    differs(one, "code", expect.string("code", refused.code()), refused.code(), failures);
                    differs(one, "pointer", expect.string("pointer", refused.pointer()), refused.pointer(), failures);
                }
            }
        }
    }

    private static void differs(Case one, String key, String expected, String found, Problems failures) {
        if (!expected.equals(found)) {
            fail(one, key, expected + " is expected, and it is " + found, failures);
        }
    }

    private static void fail(Case one, String key, String detail, Problems failures) {
        failures.add(
                one.expect().placeOf(key),
                one.expect().at(key),
                "case_failed",
                "\"" + one.name() + "\": " + key + ": " + detail);
    }

    private static void masked(Case one, String record, Problems failures) {
        MaskedExpectation expectation = new MaskedExpectation(one.name(), record, failures);
        if (one.expect().value("masked") instanceof Mapping wanted) {
            expectation.holds(wanted, one.expect().at("masked"));
        } else if (one.expect().has("masked")) {
            fail(one, "masked", "a mapping is expected", failures);
        }
        one.expect().texts("absent").forEach(expectation::isAbsent);
    }

    private static Map<String, List<String>> untouched(Policy policy, PolicyTrial trial) {
        Map<String, List<String>> untouched = new TreeMap<>();
        Policy.Own own = policy.own();
        untouched.put(
                "masking.fields",
                own.fields().stream()
                        .filter(rule -> !(rule.rule().action() instanceof Action.Keep)
                                && !(rule.rule().action() instanceof Action.Protect)
                                && !trial.touched(rule.rule().action()))
                        .map(MaskingSection.NamedRule::name)
                        .toList());
        List<String> detectors = new ArrayList<>();
        for (Detector detector : Detector.values()) {
            boolean on = policy.masker().rules().detectors().containsKey(detector);
            if (on && !trial.touched(detector)) {
                detectors.add(detector.label());
            }
        }
        untouched.put("masking.detectors", detectors);
        untouched.put(
                "routes",
                policy.routes().routes().stream()
                        .map(Routes.Route::name)
                        .filter(name -> !trial.touchedRoute(name))
                        .toList());
        untouched.put(
                "contract.schemas",
                own.schemas().stream()
                        .filter(name -> !trial.touchedSchema(name))
                        .toList());
        untouched.values().removeIf(List::isEmpty);
        return untouched;
    }

    @Override
    public String toString() {
        return "PolicyCases[" + cases.size() + "]";
    }
}
