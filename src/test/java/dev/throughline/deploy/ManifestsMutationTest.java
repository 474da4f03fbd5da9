package dev.throughline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks of the manifests find what they are there for: each mistake is made in a render, and named. */
class ManifestsMutationTest {
    private static final String THROUGHLINE = "throughline";

    /**
     * One mistake.
     *
     * @param finding what one of the findings says of it
     */
    record Mistake(String name, Manifests manifests, String finding) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Mistake sidecar(String name, Consumer<Manifests> edit, String finding) {
        Manifests mistaken = ManifestsTest.SIDECAR.copy();
        edit.accept(mistaken);
        return new Mistake("sidecar: " + name, mistaken, finding);
    }

    private static Mistake daemonSet(String name, Consumer<Manifests> edit, String finding) {
        Manifests mistaken = ManifestsTest.DAEMON_SET.copy();
        edit.accept(mistaken);
        return new Mistake("daemonset: " + name, mistaken, finding);
    }

    private static ObjectNode object(Manifests manifests, String kind, String pointer) {
        return (ObjectNode) manifests.ofKind(kind).getFirst().at(pointer);
    }

    private static ObjectNode pod(Manifests manifests) {
        return (ObjectNode) manifests.pods().getFirst().spec();
    }

    private static ObjectNode container(Manifests manifests, String name) {
        return manifests.containers().stream()
                .map(each -> (ObjectNode) each.node())
                .filter(node -> node.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ObjectNode security(Manifests manifests, String container) {
        return (ObjectNode) container(manifests, container).get("securityContext");
    }

    private static ObjectNode named(JsonNode list, String name) {
        for (JsonNode each : list) {
            if (each.path("name").asText().equals(name)) {
                return (ObjectNode) each;
            }
        }
        throw new AssertionError(name);
    }

    private static ObjectNode mount(Manifests manifests, String name) {
        return named(container(manifests, THROUGHLINE).path("volumeMounts"), name);
    }

    private static ObjectNode volume(Manifests manifests, String name) {
        return named(pod(manifests).path("volumes"), name);
    }

    private static void set(Manifests manifests, String variable, String value) {
        ArrayNode variables = container(manifests, THROUGHLINE).withArray("env");
        for (int i = variables.size() - 1; i >= 0; i--) {
            if (variables.get(i).path("name").asText().equals(variable)) {
                variables.remove(i);
            }
        }
        variables.addObject().put("name", variable).put("value", value);
    }

    private static void without(Manifests manifests, String kind, String name) {
        assertThat(manifests
                        .documents()
                        .removeIf(each -> each.path("kind").asText().equals(kind)
                                && each.at("/metadata/name").asText().startsWith(name)))
                .isTrue();
    }

    static Stream<Mistake> fields() {
        return Stream.of(
                sidecar(
                        "a field with a typing error",
                        m -> container(m, THROUGHLINE).putObject("livenesProbe").put("periodSeconds", 1),
                        "unknown field /spec/template/spec/initContainers/0/livenesProbe"),
                sidecar(
                        "a field in the wrong place",
                        m -> pod(m).put("allowPrivilegeEscalation", false),
                        "unknown field /spec/template/spec/allowPrivilegeEscalation"),
                sidecar(
                        "a field of the types' own",
                        m -> pod(m).putObject("additionalProperties"),
                        "additionalProperties"),
                daemonSet(
                        "an unknown field of a Service",
                        m -> object(m, "Service", "/spec").put("internalTraficPolicy", "Local"),
                        "unknown field /spec/internalTraficPolicy"),
                daemonSet(
                        "a number for a text",
                        m -> object(m, "ConfigMap", "/data").put("number", 1),
                        "Cannot coerce Integer value (1)"),
                daemonSet(
                        "a truth value for a label",
                        m -> object(m, "DaemonSet", "/metadata/labels").put("really", true),
                        "Cannot coerce Boolean value (true)"),
                daemonSet(
                        "a text for a number",
                        m -> pod(m).put("terminationGracePeriodSeconds", "60"),
                        "terminationGracePeriodSeconds"),
                daemonSet(
                        "a list for an object",
                        m -> object(m, "Service", "/spec").putArray("selector"),
                        "selector"),
                daemonSet(
                        "an unknown kind",
                        m -> m.ofKind("Service").getFirst().put("kind", "Servise"),
                        "no type is known for v1 Servise"));
    }

    static Stream<Mistake> references() {
        return Stream.of(
                daemonSet(
                        "a Service that selects nothing",
                        m -> object(m, "Service", "/spec/selector").put("app.kubernetes.io/component", "colector"),
                        "Service/throughline: its selector matches no pod template"),
                daemonSet(
                        "a Service without a selector",
                        m -> object(m, "Service", "/spec/selector").removeAll(),
                        "Service/throughline: its selector matches no pod template"),
                daemonSet(
                        "a port of a Service that nobody has",
                        m -> ((ObjectNode) object(m, "Service", "/spec")
                                        .path("ports")
                                        .get(0))
                                .put("targetPort", "htp"),
                        "no container of DaemonSet/throughline has port htp"),
                daemonSet(
                        "a network policy for nobody",
                        m -> object(m, "NetworkPolicy", "/spec/podSelector/matchLabels")
                                .put("x", "y"),
                        "NetworkPolicy/throughline: its selector matches no pod template"),
                sidecar(
                        "a workload that does not select its own pods",
                        m -> object(m, "Deployment", "/spec/selector/matchLabels")
                                .put("x", "y"),
                        "its selector does not match its own template"),
                sidecar(
                        "a mount without a volume",
                        m -> ((ArrayNode) pod(m).path("volumes")).remove(0),
                        "there is no volume 'throughline-data' to mount"),
                sidecar(
                        "a volume that nobody mounts",
                        m -> ((ArrayNode) pod(m).path("volumes"))
                                .addObject()
                                .put("name", "spare")
                                .putObject("emptyDir"),
                        "nobody mounts volume 'spare'"),
                sidecar(
                        "a ConfigMap that is not there",
                        m -> without(m, "ConfigMap", "throughline-policy"),
                        "there is no ConfigMap 'throughline-policy'"),
                daemonSet(
                        "settings that are not there",
                        m -> without(m, "ConfigMap", "throughline-settings"),
                        "there is no ConfigMap 'throughline-settings"),
                daemonSet(
                        "a Secret of another name",
                        m -> ((ObjectNode) volume(m, "secret").path("secret")).put("secretName", "other"),
                        "there is no Secret 'other'"),
                sidecar(
                        "a key that the Secret does not have",
                        m -> ((ObjectNode) container(m, "connector").at("/env/0/valueFrom/secretKeyRef"))
                                .put("key", "tok"),
                        "Secret 'throughline' has no key 'tok'"),
                sidecar(
                        "the policy mounted by subPath",
                        m -> mount(m, "throughline-policy").put("subPath", "policy.yaml"),
                        "is mounted by subPath"),
                daemonSet(
                        "a service account that is not there",
                        m -> without(m, "ServiceAccount", "throughline"),
                        "there is no service account 'throughline'"),
                daemonSet(
                        "a token for the Kubernetes API",
                        m -> pod(m).remove("automountServiceAccountToken"),
                        "a token for the Kubernetes API is mounted"),
                daemonSet(
                        "a priority class that is not there",
                        m -> without(m, "PriorityClass", "throughline-collector"),
                        "there is no priority class"),
                sidecar(
                        "a probe of a port that is not there",
                        m -> ((ObjectNode) container(m, THROUGHLINE).at("/startupProbe/httpGet")).put("port", "probe"),
                        "startupProbe asks port 'probe'"),
                daemonSet(
                        "another namespace",
                        m -> object(m, "Service", "/metadata").put("namespace", "default"),
                        "is not in namespace 'throughline'"));
    }

    static Stream<Mistake> hardening() {
        return Stream.of(
                sidecar("root", m -> security(m, THROUGHLINE).put("runAsUser", 0), "or root"),
                sidecar("maybe root", m -> security(m, THROUGHLINE).remove("runAsNonRoot"), "may run as root"),
                sidecar(
                        "the application as maybe root",
                        m -> security(m, "connector").remove("runAsNonRoot"),
                        "container connector: may run as root"),
                sidecar(
                        "a root file system that can be written",
                        m -> security(m, THROUGHLINE).remove("readOnlyRootFilesystem"),
                        "its root file system can be written"),
                sidecar(
                        "escalation",
                        m -> security(m, THROUGHLINE).remove("allowPrivilegeEscalation"),
                        "privileges can be escalated"),
                sidecar(
                        "capabilities that stay",
                        m -> security(m, THROUGHLINE).remove("capabilities"),
                        "does not drop all capabilities"),
                sidecar(
                        "no seccomp",
                        m -> security(m, THROUGHLINE).remove("seccompProfile"),
                        "its seccomp profile is not"),
                sidecar("privileged", m -> security(m, THROUGHLINE).put("privileged", true), "is privileged"),
                sidecar("the node's network", m -> pod(m).put("hostNetwork", true), "hostNetwork"),
                sidecar(
                        "a directory of the node",
                        m -> volume(m, "throughline-data").putObject("hostPath").put("path", "/"),
                        "is of a kind that is not allowed"),
                sidecar(
                        "a volume without a bound",
                        m -> ((ObjectNode) volume(m, "throughline-tmp").path("emptyDir")).remove("sizeLimit"),
                        "has no bound"),
                sidecar(
                        "no limit of memory",
                        m -> ((ObjectNode) container(m, THROUGHLINE).at("/resources/limits")).remove("memory"),
                        "resources/limits/memory is not given"),
                sidecar(
                        "no amount",
                        m -> ((ObjectNode) container(m, THROUGHLINE).at("/resources/limits")).put("memory", "384 MB"),
                        "resources/limits/memory is not given"),
                sidecar("no tag", m -> container(m, THROUGHLINE).put("image", "throughline"), "its image has no tag"),
                sidecar(
                        "the latest image",
                        m -> container(m, THROUGHLINE).put("image", "r.example.com:5000/throughline:latest"),
                        "its image has no tag"),
                sidecar(
                        "no probe",
                        m -> container(m, THROUGHLINE).remove("startupProbe"),
                        "startupProbe does not ask /q/health/started"),
                sidecar(
                        "a sidecar's readiness",
                        m -> container(m, THROUGHLINE).putObject("readinessProbe"),
                        "its readiness would be the application's"),
                sidecar(
                        "an init container that never ends",
                        m -> container(m, THROUGHLINE).remove("restartPolicy"),
                        "is an init container without restartPolicy: Always"),
                daemonSet(
                        "no readiness",
                        m -> container(m, THROUGHLINE).remove("readinessProbe"),
                        "readinessProbe does not ask /q/health/ready"),
                daemonSet(
                        "more than giving away",
                        m -> ((ArrayNode) security(m, "own-data").at("/capabilities/add")).add("DAC_OVERRIDE"),
                        "may do more than give a directory away"),
                daemonSet(
                        "another command for root",
                        m -> ((ArrayNode) container(m, "own-data").path("command")).add("/"),
                        "container own-data: may run as root"),
                daemonSet(
                        "a port of the node",
                        m -> ((ObjectNode) container(m, THROUGHLINE).at("/ports/0")).put("hostPort", 8080),
                        "has a port of the node"));
    }

    static Stream<Mistake> settings() {
        return Stream.of(
                sidecar(
                        "a key with a typing error",
                        m -> set(m, "THROUGHLINE_SERVER_POLICY_DIRECTORY", "/x"),
                        "there is no configuration key for THROUGHLINE_SERVER_POLICY_DIRECTORY"),
                daemonSet(
                        "a key with a typing error among the settings",
                        m -> m.ofKind("ConfigMap")
                                .forEach(map -> ((ObjectNode) map.path("data")).put("THROUGHLINE_STORE", "none")),
                        "there is no configuration key for THROUGHLINE_STORE"),
                sidecar(
                        "a value of another type",
                        m -> set(m, "THROUGHLINE_SERVER_STORE", "nowhere"),
                        "its settings cannot be used"),
                sidecar(
                        "a sidecar that is open",
                        m -> set(m, "THROUGHLINE_SERVER_LISTEN_ADDRESS", "0.0.0.0"),
                        "a sidecar listens on loopback only"),
                daemonSet(
                        "a gateway on loopback",
                        m -> set(m, "THROUGHLINE_SERVER_LISTEN_ADDRESS", "127.0.0.1"),
                        "and the program opens {probes=8081}"),
                daemonSet(
                        "another port than the one that is named",
                        m -> set(m, "THROUGHLINE_OTLP_HTTP_PORT", "4319"),
                        "otlp-http=4319"),
                daemonSet(
                        "open to the cluster",
                        m -> without(m, "NetworkPolicy", "throughline"),
                        "it is open to every pod of the cluster"),
                sidecar(
                        "killed while draining",
                        m -> pod(m).put("terminationGracePeriodSeconds", 40),
                        "is killed after 40 s, and may drain for 50"),
                sidecar(
                        "a spool that does not fit",
                        m -> set(m, "THROUGHLINE_SERVER_SPOOL_TOTAL_BYTES_MAX", "1610612736"),
                        "does not fit a volume of"),
                sidecar(
                        "a store in a volume with a size",
                        m -> set(m, "THROUGHLINE_SERVER_STORE", "embedded"),
                        "an embedded store has no bound in bytes"),
                daemonSet(
                        "nobody to forward to",
                        m -> set(m, "THROUGHLINE_SERVER_KAFKA_BOOTSTRAP_SERVERS", ""),
                        "nobody takes what is spooled"),
                daemonSet(
                        "a directory that stays root's",
                        m -> pod(m).remove("initContainers"),
                        "nobody gives the directory on the node to user 10001"),
                daemonSet(
                        "a data directory without a volume",
                        m -> set(m, "THROUGHLINE_SERVER_DATA_DIR", "/data"),
                        "no volume is mounted at its data directory /data"),
                sidecar(
                        "nowhere to unpack",
                        m -> mount(m, "throughline-tmp").put("mountPath", "/scratch"),
                        "native libraries cannot be unpacked"),
                sidecar(
                        "a token file that is not mounted",
                        m -> set(m, "THROUGHLINE_SERVER_TOKEN_FILE", "/etc/throughline/secret/tok"),
                        "is no key of a mounted Secret"),
                sidecar(
                        "a policy that is not mounted",
                        m -> set(m, "THROUGHLINE_SERVER_POLICY_DIR", "/etc/policy"),
                        "is no mounted ConfigMap"),
                sidecar(
                        "a policy that is refused",
                        m -> {
                            ObjectNode data = (ObjectNode)
                                    m.find("ConfigMap", "throughline-policy").path("data");
                            data.put("policy.yaml", data.path("policy.yaml").asText() + "\nretentions: {}\n");
                        },
                        "its policy is refused"));
    }

    @ParameterizedTest
    @MethodSource({"fields", "references", "hardening", "settings"})
    void isFound(Mistake mistake) {
        assertThat(findings(mistake.manifests()))
                .anySatisfy(finding -> assertThat(finding).contains(mistake.finding()));
    }

    private static List<String> findings(Manifests manifests) {
        List<String> findings = new ArrayList<>(FieldCheck.findings(manifests));
        findings.addAll(ReferenceCheck.findings(manifests, ManifestsTest.SECRETS));
        findings.addAll(
                manifests.ofKind("DaemonSet").isEmpty()
                        ? HardeningCheck.restricted(manifests)
                        : HardeningCheck.withNodeDirectory(manifests));
        findings.addAll(SettingsCheck.findings(manifests, ManifestsTest.SECRETS));
        return findings;
    }
}
