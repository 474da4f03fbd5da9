package dev.throughline;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The package map, as rules. A rule that fails is a design question first. */
class ArchitectureTest {
    private static final String ROOT = "dev.throughline";
    private static final JavaClasses THROUGHLINE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    private static final ArchRule DEPENDENCIES_FOLLOW_THE_DATA = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
            .layer("root")
            .definedBy(ROOT)
            .layer("telemetry")
            .definedBy(ROOT + ".telemetry..")
            .layer("contract")
            .definedBy(ROOT + ".contract..")
            .layer("masking")
            .definedBy(ROOT + ".masking..")
            .layer("policy")
            .definedBy(ROOT + ".policy..")
            .layer("access")
            .definedBy(ROOT + ".access..")
            .layer("spool")
            .definedBy(ROOT + ".spool..")
            .layer("storage")
            .definedBy(ROOT + ".storage..")
            .layer("delivery")
            .definedBy(ROOT + ".delivery..")
            .layer("ingest")
            .definedBy(ROOT + ".ingest..")
            .layer("journey")
            .definedBy(ROOT + ".journey..")
            .layer("query")
            .definedBy(ROOT + ".query..")
            .layer("console")
            .definedBy(ROOT + ".console..")
            .layer("server")
            .definedBy(ROOT + ".server..")
            .layer("cli")
            .definedBy(ROOT + ".cli..")
            .whereLayer("root")
            .mayNotAccessAnyLayer()
            .whereLayer("telemetry")
            .mayNotAccessAnyLayer()
            .whereLayer("contract")
            .mayOnlyAccessLayers("root", "telemetry")
            .whereLayer("masking")
            .mayOnlyAccessLayers("root", "telemetry")
            .whereLayer("policy")
            .mayOnlyAccessLayers("root", "telemetry", "contract", "masking")
            .whereLayer("access")
            .mayOnlyAccessLayers("root", "telemetry", "policy")
            .whereLayer("spool")
            .mayOnlyAccessLayers("root", "telemetry")
            .whereLayer("storage")
            .mayOnlyAccessLayers("root", "telemetry")
            .whereLayer("delivery")
            .mayOnlyAccessLayers("root", "telemetry", "policy", "spool", "storage")
            .whereLayer("ingest")
            .mayOnlyAccessLayers("root", "telemetry", "policy", "contract", "masking", "access", "spool")
            .whereLayer("journey")
            .mayOnlyAccessLayers("root", "telemetry", "contract", "storage", "access", "policy", "query")
            .whereLayer("query")
            .mayOnlyAccessLayers("root", "telemetry", "contract", "storage", "access", "policy")
            .whereLayer("console")
            .mayOnlyAccessLayers("root", "journey", "query")
            .whereLayer("server")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .ignoreDependency(resideInAnyPackage(ROOT + ".cli.."), resideInAnyPackage(ROOT + ".server.."));

    /** A new package is a decision: name it here. */
    private static final ArchRule EVERY_CLASS_HAS_A_PLACE = classes()
            .that()
            .resideInAPackage(ROOT + "..")
            .should()
            .resideInAnyPackage(
                    ROOT,
                    ROOT + ".telemetry..",
                    ROOT + ".contract..",
                    ROOT + ".masking..",
                    ROOT + ".policy..",
                    ROOT + ".access..",
                    ROOT + ".spool..",
                    ROOT + ".storage..",
                    ROOT + ".delivery..",
                    ROOT + ".ingest..",
                    ROOT + ".journey..",
                    ROOT + ".query..",
                    ROOT + ".console..",
                    ROOT + ".server..",
                    ROOT + ".cli..");

    private static final ArchRule NO_CYCLES =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    private static final ArchRule UNMASKED_RECORDS_STOP_AT_INGEST = noClasses()
            .that()
            .resideInAnyPackage(
                    ROOT + ".spool..",
                    ROOT + ".delivery..",
                    ROOT + ".storage..",
                    ROOT + ".journey..",
                    ROOT + ".query..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(".*\\.(ReceivedRecord|IngestSession)");

    /** Reading the frames of others is free; writing one is masking's alone. */
    private static final ArchRule ONLY_MASKING_MAKES_MASKED_RECORDS = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".masking..", ROOT + ".telemetry..")
            .should()
            .callMethodWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                            com.tngtech.archunit.core.domain.properties.HasName.Predicates.name("append"))
                    .and(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                            com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                                    com.tngtech.archunit.core.domain.properties.HasName.Predicates.name(
                                            ROOT + ".telemetry.MaskedRecords")))));

    private static final ArchRule PURE_PACKAGES_DO_NO_IO = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".telemetry..", ROOT + ".contract..", ROOT + ".masking..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "jakarta.ws.rs..",
                    "org.apache.kafka..",
                    "io.vertx..",
                    "java.sql..",
                    "java.net.http..",
                    "java.nio.channels.."));

    private static final ArchRule NAMES_SAY_WHAT = noClasses()
            .that()
            .resideInAPackage(ROOT + "..")
            .should()
            .haveNameMatching(".*(Impl|Manager|Helper|Utils?|Abstract[A-Z]\\w*|Base[A-Z]\\w*)");

    private static final ArchRule NO_FIELD_INJECTION =
            noFields().should().beAnnotatedWith("jakarta.inject.Inject").allowEmptyShould(true);

    private static final ArchRule TIME_COMES_FROM_A_CLOCK = noClasses()
            .that()
            .resideInAPackage(ROOT + "..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    private static final ArchRule STANDARD_STREAMS_ARE_THE_COMMAND_LINES = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    static Stream<Named<ArchRule>> rules() {
        return Stream.of(
                Named.of("dependencies follow the data", DEPENDENCIES_FOLLOW_THE_DATA),
                Named.of("every class has a place", EVERY_CLASS_HAS_A_PLACE),
                Named.of("no cycles between packages", NO_CYCLES),
                Named.of("unmasked records stop at ingest", UNMASKED_RECORDS_STOP_AT_INGEST),
                Named.of("only masking makes masked records", ONLY_MASKING_MAKES_MASKED_RECORDS),
                Named.of("pure packages do no I/O", PURE_PACKAGES_DO_NO_IO),
                Named.of("names say what a class is", NAMES_SAY_WHAT),
                Named.of("no field injection", NO_FIELD_INJECTION),
                Named.of("time comes from a clock", TIME_COMES_FROM_A_CLOCK),
                Named.of("standard streams are the command line's", STANDARD_STREAMS_ARE_THE_COMMAND_LINES),
                Named.of("no java.util.logging", NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(ArchRule rule) {
        rule.check(THROUGHLINE);
    }
}
