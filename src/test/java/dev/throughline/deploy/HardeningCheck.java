package dev.throughline.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.throughline.deploy.Manifests.Container;
import dev.throughline.deploy.Manifests.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a container may do and take. Two levels of Kubernetes' own Pod Security Standards: {@code restricted} in full, and
 * {@code restricted} but for a directory of the node and the one container that gives it to the program's user.
 */
final class HardeningCheck {
    private static final Set<String> RESTRICTED_VOLUMES = Set.of(
            "configMap", "secret", "emptyDir", "projected", "downwardAPI", "persistentVolumeClaim", "ephemeral", "csi");

    private final boolean withNodeDirectory;
    private final List<String> findings = new ArrayList<>();

    private HardeningCheck(boolean withNodeDirectory) {
        this.withNodeDirectory = withNodeDirectory;
    }

    static List<String> restricted(Manifests manifests) {
        return findings(manifests, false);
    }

    static List<String> withNodeDirectory(Manifests manifests) {
        return findings(manifests, true);
    }

    private static List<String> findings(Manifests manifests, boolean withNodeDirectory) {
        HardeningCheck check = new HardeningCheck(withNodeDirectory);
        manifests.pods().forEach(check::pod);
        manifests.containers().forEach(check::container);
        return check.findings;
    }

    private void expect(boolean holds, String place, String what) {
        if (!holds) {
            findings.add(place + ": " + what);
        }
    }

    private void pod(Pod pod) {
        for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
            expect(!pod.spec().path(shared).asBoolean(false), pod.name(), shared);
        }
        for (JsonNode volume : pod.spec().path("volumes")) {
            boolean allowed = volume.properties().stream()
                    .map(member -> member.getKey())
                    .filter(member -> !member.equals("name"))
                    .allMatch(
                            kind -> RESTRICTED_VOLUMES.contains(kind) || withNodeDirectory && kind.equals("hostPath"));
            expect(allowed, pod.name(), "volume " + volume.path("name") + " is of a kind that is not allowed");
            if (volume.has("emptyDir")) {
                expect(
                        volume.at("/emptyDir/sizeLimit").isTextual(),
                        pod.name(),
                        "volume " + volume.path("name") + " has no bound");
            }
        }
    }

    private void container(Container container) {
        JsonNode security = container.node().path("securityContext");
        String name = container.name();
        if (withNodeDirectory && ownsTheNodeDirectory(container)) {
            expect(adds(security).equals(List.of("CHOWN")), name, "may do more than give a directory away");
        } else {
            expect(security.path("runAsNonRoot").asBoolean(false), name, "may run as root");
            expect(security.path("runAsUser").asInt(0) > 0, name, "its user is not said by a number, or root");
            expect(adds(security).isEmpty(), name, "adds capabilities");
        }
        expect(security.path("readOnlyRootFilesystem").asBoolean(false), name, "its root file system can be written");
        expect(!security.path("allowPrivilegeEscalation").asBoolean(true), name, "privileges can be escalated");
        expect(!security.path("privileged").asBoolean(false), name, "is privileged");
        expect(
                security.at("/capabilities/drop").toString().equals("[\"ALL\"]"),
                name,
                "does not drop all capabilities");
        expect(
                security.at("/seccompProfile/type").asText().equals("RuntimeDefault"),
                name,
                "its seccomp profile is not RuntimeDefault");
        container.node().path("ports").forEach(port -> expect(!port.has("hostPort"), name, "has a port of the node"));
        resources(container);
        image(container);
        if (container.isThroughline()) {
            probes(container);
        }
    }

    /** Root, and nothing but the directory is in its hands. */
    private static boolean ownsTheNodeDirectory(Container container) {
        JsonNode mounts = container.node().path("volumeMounts");
        JsonNode command = container.node().path("command");
        return container.isInit()
                && !container.isSidecar()
                && mounts.size() == 1
                && command.size() == 3
                && command.get(0).asText().equals("chown")
                && command.get(2).equals(mounts.get(0).path("mountPath"));
    }

    private static List<String> adds(JsonNode security) {
        List<String> adds = new ArrayList<>();
        security.at("/capabilities/add").forEach(each -> adds.add(each.asText()));
        return adds;
    }

    private void resources(Container container) {
        JsonNode resources = container.node().path("resources");
        for (String bound : List.of("/requests/cpu", "/requests/memory", "/limits/cpu", "/limits/memory")) {
            expect(Quantities.isQuantity(resources.at(bound)), container.name(), "resources" + bound + " is not given");
        }
    }

    private void image(Container container) {
        String image = container.node().path("image").asText();
        String tag = image.substring(image.lastIndexOf('/') + 1);
        expect(
                tag.matches("[^:@]+(:[^:@]+)?(@sha256:[0-9a-f]{64})?")
                        && tag.matches(".*[:@].*")
                        && !tag.endsWith(":latest"),
                container.name(),
                "its image has no tag of its own: " + image);
    }

    /** Whoever stands behind a Service is asked whether it is ready, too; a sidecar must not take its application out of one. */
    private void probes(Container container) {
        JsonNode node = container.node();
        probe(container, "startupProbe", "/q/health/started");
        probe(container, "livenessProbe", "/q/health/live");
        if (container.isInit()) {
            expect(container.isSidecar(), container.name(), "is an init container without restartPolicy: Always");
            expect(!node.has("readinessProbe"), container.name(), "its readiness would be the application's");
        } else {
            probe(container, "readinessProbe", "/q/health/ready");
        }
    }

    private void probe(Container container, String probe, String path) {
        JsonNode asked = container.node().path(probe).path("httpGet");
        expect(
                asked.path("path").asText().equals(path)
                        && asked.path("port").asText().equals("probes"),
                container.name(),
                probe + " does not ask " + path + " on port probes");
    }
}
