package dev.throughline.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a render came to.
 *
 * @param documents Kubernetes objects, in order
 */
record Manifests(List<ObjectNode> documents) {
    /**
     * A pod template with the workload that it is of.
     *
     * @param workload a Deployment, DaemonSet, StatefulSet or Job
     */
    record Pod(ObjectNode workload) {
        String name() {
            return Manifests.name(workload);
        }

        JsonNode spec() {
            return workload.at("/spec/template/spec");
        }

        Map<String, String> labels() {
            return strings(workload.at("/spec/template/metadata/labels"));
        }

        List<Container> containers() {
            List<Container> containers = new ArrayList<>();
            spec().path("initContainers").forEach(each -> containers.add(new Container(this, each, true)));
            spec().path("containers").forEach(each -> containers.add(new Container(this, each, false)));
            return containers;
        }

        @Nullable
        JsonNode volume(String name) {
            for (JsonNode volume : spec().path("volumes")) {
                if (volume.path("name").asText().equals(name)) {
                    return volume;
                }
            }
            return null;
        }
    }

    /**
     * A container of a pod template.
     *
     * @param isInit whether it is among the init containers, as sidecars are
     */
    record Container(Pod pod, JsonNode node, boolean isInit) {
        String name() {
            return pod.name() + ", container " + node.path("name").asText();
        }

        boolean isSidecar() {
            return isInit && node.path("restartPolicy").asText().equals("Always");
        }

        /** Runs the program, and not another command of its image. */
        boolean isThroughline() {
            String image = node.path("image").asText().replaceAll("[:@].*", "");
            return (image.equals("throughline") || image.endsWith("/throughline")) && !node.has("command");
        }

        /** Null where nothing is mounted at exactly this path. */
        @Nullable
        JsonNode mountAt(String path) {
            for (JsonNode mount : node.path("volumeMounts")) {
                if (mount.path("mountPath").asText().equals(path)) {
                    return mount;
                }
            }
            return null;
        }

        /** What is mounted at exactly this path. */
        @Nullable
        JsonNode volumeAt(String path) {
            JsonNode mount = mountAt(path);
            return mount == null ? null : pod.volume(mount.path("name").asText());
        }

        Map<String, Integer> ports() {
            Map<String, Integer> ports = new HashMap<>();
            node.path("ports")
                    .forEach(port -> ports.put(
                            port.path("name").asText(),
                            port.path("containerPort").asInt()));
            return ports;
        }
    }

    static String name(JsonNode document) {
        return document.path("kind").asText() + "/"
                + document.path("metadata").path("name").asText();
    }

    static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new HashMap<>();
        object.properties()
                .forEach(
                        member -> strings.put(member.getKey(), member.getValue().asText()));
        return strings;
    }

    List<ObjectNode> ofKind(String kind) {
        return documents.stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .toList();
    }

    @Nullable
    ObjectNode find(String kind, String name) {
        for (ObjectNode document : ofKind(kind)) {
            if (document.at("/metadata/name").asText().equals(name)) {
                return document;
            }
        }
        return null;
    }

    List<Pod> pods() {
        return documents.stream()
                .filter(document -> document.at("/spec/template/spec").isObject())
                .map(Pod::new)
                .toList();
    }

    List<Container> containers() {
        return pods().stream().flatMap(pod -> pod.containers().stream()).toList();
    }

    Manifests copy() {
        return new Manifests(
                new ArrayList<>(documents.stream().map(ObjectNode::deepCopy).toList()));
    }
}
