package dev.throughline.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throughline.deploy.Manifests.Container;
import dev.throughline.deploy.Manifests.Pod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an object refers to by name or by label is there. */
final class ReferenceCheck {
    private static final int PORT_NAME_MAX = 15;

    private final Manifests manifests;
    private final Manifests secrets;
    private final List<String> findings = new ArrayList<>();

    private ReferenceCheck(Manifests manifests, Manifests secrets) {
        this.manifests = manifests;
        this.secrets = secrets;
    }

    /** The secrets are no part of the render: whoever runs it makes them after their template. */
    static List<String> findings(Manifests manifests, Manifests secretTemplate) {
        ReferenceCheck check = new ReferenceCheck(manifests, secretTemplate);
        manifests.ofKind("Service").forEach(check::service);
        manifests.ofKind("NetworkPolicy").forEach(check::networkPolicy);
        manifests.pods().forEach(check::pod);
        manifests.containers().forEach(check::container);
        check.namespaces();
        return check.findings;
    }

    private void found(String place, String what) {
        findings.add(place + ": " + what);
    }

    private List<Pod> selected(JsonNode selector) {
        Map<String, String> wanted = Manifests.strings(selector);
        return manifests.pods().stream()
                .filter(pod -> !wanted.isEmpty() && pod.labels().entrySet().containsAll(wanted.entrySet()))
                .toList();
    }

    private void service(JsonNode service) {
        List<Pod> pods = selected(service.at("/spec/selector"));
        if (pods.isEmpty()) {
            found(Manifests.name(service), "its selector matches no pod template");
        }
        for (JsonNode port : service.at("/spec/ports")) {
            pods.forEach(pod -> port(Manifests.name(service), pod, port.path("targetPort")));
        }
    }

    private void networkPolicy(JsonNode policy) {
        List<Pod> pods = selected(policy.at("/spec/podSelector/matchLabels"));
        if (pods.isEmpty()) {
            found(Manifests.name(policy), "its selector matches no pod template");
        }
        for (JsonNode rule : policy.at("/spec/ingress")) {
            for (JsonNode port : rule.path("ports")) {
                pods.forEach(pod -> port(Manifests.name(policy), pod, port.path("port")));
            }
        }
    }

    private void port(String place, Pod pod, JsonNode port) {
        boolean isThere = pod.containers().stream()
                .map(Container::ports)
                .anyMatch(ports -> port.isInt() ? ports.containsValue(port.asInt()) : ports.containsKey(port.asText()));
        if (!isThere) {
            found(place, "no container of " + pod.name() + " has port " + port.asText());
        }
    }

    private void pod(Pod pod) {
        JsonNode selector = pod.workload().at("/spec/selector/matchLabels");
        if (!selected(selector).contains(pod)) {
            found(pod.name(), "its selector does not match its own template");
        }
        String account = pod.spec().path("serviceAccountName").asText();
        if (manifests.find("ServiceAccount", account) == null) {
            found(pod.name(), "there is no service account '" + account + "'");
        }
        if (pod.spec().path("automountServiceAccountToken").asBoolean(true)) {
            found(pod.name(), "a token for the Kubernetes API is mounted");
        }
        String priority = pod.spec().path("priorityClassName").asText();
        if (!priority.isEmpty() && manifests.find("PriorityClass", priority) == null) {
            found(pod.name(), "there is no priority class '" + priority + "'");
        }
        volumes(pod);
    }

    private void volumes(Pod pod) {
        Set<String> mounted = new HashSet<>();
        pod.containers()
                .forEach(container -> container
                        .node()
                        .path("volumeMounts")
                        .forEach(mount -> mounted.add(mount.path("name").asText())));
        for (JsonNode volume : pod.spec().path("volumes")) {
            String name = volume.path("name").asText();
            if (!mounted.contains(name)) {
                found(pod.name(), "nobody mounts volume '" + name + "'");
            }
            if (volume.has("configMap")) {
                isThere(pod.name(), "ConfigMap", volume.at("/configMap/name").asText());
            }
            if (volume.has("secret")) {
                isThere(pod.name(), "Secret", volume.at("/secret/secretName").asText());
            }
        }
    }

    private void isThere(String place, String kind, String name) {
        if (manifests.find(kind, name) == null && secrets.find(kind, name) == null) {
            found(place, "there is no " + kind + " '" + name + "'");
        }
    }

    private void container(Container container) {
        Set<String> paths = new HashSet<>();
        for (JsonNode mount : container.node().path("volumeMounts")) {
            String volume = mount.path("name").asText();
            if (container.pod().volume(volume) == null) {
                found(container.name(), "there is no volume '" + volume + "' to mount");
            }
            if (!paths.add(mount.path("mountPath").asText())) {
                found(container.name(), "two volumes are mounted at " + mount.path("mountPath"));
            }
            if (mount.has("subPath") || mount.has("subPathExpr")) {
                found(container.name(), "volume '" + volume + "' is mounted by subPath, which never sees a change");
            }
        }
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            JsonNode port = container.node().path(probe).path("httpGet").path("port");
            if (port.isTextual() && !container.ports().containsKey(port.asText())) {
                found(
                        container.name(),
                        probe + " asks port '" + port.asText() + "', which the container does not have");
            }
        }
        container.ports().keySet().stream()
                .filter(name -> name.isEmpty() || name.length() > PORT_NAME_MAX)
                .forEach(name -> found(container.name(), "'" + name + "' is no name of a port"));
        environment(container);
    }

    private void environment(Container container) {
        for (JsonNode from : container.node().path("envFrom")) {
            if (from.has("configMapRef")) {
                isThere(
                        container.name(),
                        "ConfigMap",
                        from.at("/configMapRef/name").asText());
            }
            if (from.has("secretRef")) {
                isThere(container.name(), "Secret", from.at("/secretRef/name").asText());
            }
        }
        for (JsonNode variable : container.node().path("env")) {
            key(container, "ConfigMap", variable.at("/valueFrom/configMapKeyRef"));
            key(container, "Secret", variable.at("/valueFrom/secretKeyRef"));
        }
    }

    private void key(Container container, String kind, JsonNode reference) {
        if (reference.isMissingNode()) {
            return;
        }
        String name = reference.path("name").asText();
        String key = reference.path("key").asText();
        isThere(container.name(), kind, name);
        JsonNode object = manifests.find(kind, name) == null ? secrets.find(kind, name) : manifests.find(kind, name);
        if (object != null
                && !object.path("data").has(key)
                && !object.path("stringData").has(key)) {
            found(container.name(), kind + " '" + name + "' has no key '" + key + "'");
        }
    }

    /** Where a namespace is part of the render, all that can be is in it. */
    private void namespaces() {
        for (JsonNode namespace : manifests.ofKind("Namespace")) {
            String name = namespace.at("/metadata/name").asText();
            for (JsonNode document : manifests.documents()) {
                boolean isOfCluster = Set.of("Namespace", "PriorityClass")
                        .contains(document.path("kind").asText());
                if (!isOfCluster && !document.at("/metadata/namespace").asText().equals(name)) {
                    found(Manifests.name(document), "is not in namespace '" + name + "'");
                }
            }
        }
    }
}
