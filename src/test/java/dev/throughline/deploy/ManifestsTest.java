package dev.throughline.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throughline.StartupException;
import dev.throughline.access.AccessToken;
import dev.throughline.deploy.Manifests.Container;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifests in {@code k8s/}, as a cluster would be given them. {@code ManifestsMutationTest} holds the checks themselves. */
class ManifestsTest {
    static final Path K8S = Path.of("k8s").toAbsolutePath();
    static final Manifests SECRETS = Kustomize.read(K8S.resolve("base/secret.template.yaml"));
    static final Manifests SIDECAR = Kustomize.render(K8S.resolve("overlays/sidecar"));
    static final Manifests DAEMON_SET = Kustomize.render(K8S.resolve("overlays/daemonset"));

    private static List<String> names(Manifests manifests) {
        return manifests.documents().stream().map(Manifests::name).toList();
    }

    @Test
    void everyFieldIsKnown() {
        assertThat(FieldCheck.findings(SIDECAR)).isEmpty();
        assertThat(FieldCheck.findings(DAEMON_SET)).isEmpty();
        assertThat(FieldCheck.findings(SECRETS)).isEmpty();
    }

    @Test
    void whatIsReferredToIsThere() {
        assertThat(ReferenceCheck.findings(SIDECAR, SECRETS)).isEmpty();
        assertThat(ReferenceCheck.findings(DAEMON_SET, SECRETS)).isEmpty();
    }

    @Test
    void containersMayDoAndTakeNoMoreThanTheyNeed() {
        assertThat(HardeningCheck.restricted(SIDECAR)).isEmpty();
        assertThat(HardeningCheck.withNodeDirectory(DAEMON_SET)).isEmpty();
    }

    @Test
    void theProgramTakesItsSettingsAndThePolicyAndFitsItsPod() {
        assertThat(SettingsCheck.findings(SIDECAR, SECRETS)).isEmpty();
        assertThat(SettingsCheck.findings(DAEMON_SET, SECRETS)).isEmpty();
    }

    @Test
    void theBaseIsWhatAllShareAndNothingThatRuns() {
        Manifests base = Kustomize.render(K8S.resolve("base"));
        assertThat(FieldCheck.findings(base)).isEmpty();
        assertThat(names(base))
                .hasSize(4)
                .contains("ServiceAccount/throughline", "Service/throughline", "ConfigMap/throughline-policy")
                .anyMatch(name -> name.startsWith("ConfigMap/throughline-settings-"));
        for (Manifests overlay : List.of(SIDECAR, DAEMON_SET)) {
            assertThat(policy(overlay)).isEqualTo(policy(base));
        }
    }

    private static Map<String, String> policy(Manifests manifests) {
        return manifests.ofKind("ConfigMap").stream()
                .filter(map -> map.at("/metadata/name").asText().equals("throughline-policy"))
                .map(map -> Manifests.strings(map.path("data")))
                .findFirst()
                .orElseThrow();
    }

    /** A policy is swapped in place, by its name; settings are read once, so that their name changes and pods are replaced. */
    @Test
    void theNameOfThePolicyStaysAndThatOfTheSettingsChanges() {
        for (Manifests overlay : List.of(SIDECAR, DAEMON_SET)) {
            assertThat(overlay.ofKind("ConfigMap"))
                    .extracting(map -> map.at("/metadata/name").asText())
                    .satisfiesExactlyInAnyOrder(
                            policy -> assertThat(policy).isEqualTo("throughline-policy"),
                            settings -> assertThat(settings).matches("throughline-settings-[a-z0-9]{10}"));
        }
    }

    @Test
    void theSidecarIsStartedFirstAndEndedLastAndReachedByItsPodAlone() {
        Container first = SIDECAR.pods().getFirst().containers().getFirst();
        assertThat(first.isThroughline()).isTrue();
        assertThat(first.isSidecar()).isTrue();
        assertThat(first.ports()).containsOnlyKeys("probes");
        assertThat(names(SIDECAR)).doesNotContain("Service/throughline", "ServiceAccount/throughline");
    }

    /** Whatever the workload is that asks for it, and whatever it has already. */
    @Test
    void theSidecarComesBeforeWhatAWorkloadInitialisesItself() {
        Manifests workloads = Kustomize.render(Path.of("src/test/resources/k8s"));
        assertThat(workloads.pods())
                .hasSize(3)
                .allSatisfy(pod -> assertThat(pod.containers())
                        .extracting(container -> container.node().path("name").asText())
                        .containsExactlyElementsOf(
                                pod.name().equals("Deployment/without")
                                        ? List.of("own-init", "application")
                                        : List.of("throughline", "own-init", "application")));
        assertThat(workloads.pods())
                .filteredOn(pod -> pod.volume("throughline-data") != null)
                .hasSize(2)
                .allSatisfy(pod -> assertThat(pod.volume("own-volume")).isNotNull());
    }

    @Test
    void theNodesGatewayServesItsNodeAndKeepsItsSpool() {
        JsonNode service = DAEMON_SET.ofKind("Service").getFirst().path("spec");
        assertThat(service.path("internalTrafficPolicy").asText()).isEqualTo("Local");
        assertThat(service.path("publishNotReadyAddresses").asBoolean()).isTrue();
        JsonNode workload = DAEMON_SET.pods().getFirst().workload();
        assertThat(workload.at("/spec/updateStrategy/rollingUpdate").toString())
                .isEqualTo("{\"maxSurge\":0,\"maxUnavailable\":1}");
        assertThat(DAEMON_SET.ofKind("Namespace"))
                .extracting(namespace -> namespace
                        .path("metadata")
                        .path("labels")
                        .path("pod-security.kubernetes.io/enforce")
                        .asText())
                .containsExactly("privileged");
    }

    /** Rendered with the rest, it would overwrite the real one with each change of the policy. */
    @Test
    void theSecretIsATemplateThatTheProgramRefuses(@TempDir Path directory) throws Exception {
        assertThat(SIDECAR.ofKind("Secret")).isEmpty();
        assertThat(DAEMON_SET.ofKind("Secret")).isEmpty();
        Path file = directory.resolve("token");
        Files.writeString(
                file, SECRETS.documents().getFirst().at("/stringData/token").asText());
        assertThatThrownBy(() -> AccessToken.readFrom(file)).isInstanceOf(StartupException.class);
    }
}
