package dev.throughline.deploy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every field is one that Kubernetes has, and of its type: a server would drop an unknown one and run without it. */
final class FieldCheck {
    private static final Map<String, Class<?>> TYPES = Map.of(
            "v1 ConfigMap", ConfigMap.class,
            "v1 Namespace", Namespace.class,
            "v1 Secret", Secret.class,
            "v1 Service", Service.class,
            "v1 ServiceAccount", ServiceAccount.class,
            "apps/v1 DaemonSet", DaemonSet.class,
            "apps/v1 Deployment", Deployment.class,
            "apps/v1 StatefulSet", StatefulSet.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
            "scheduling.k8s.io/v1 PriorityClass", PriorityClass.class);

    private FieldCheck() {}

    static List<String> findings(Manifests manifests) {
        List<String> findings = new ArrayList<>();
        for (JsonNode document : manifests.documents()) {
            String kind = document.path("apiVersion").asText() + " "
                    + document.path("kind").asText();
            Class<?> type = TYPES.get(kind);
            if (type == null) {
                findings.add(Manifests.name(document) + ": no type is known for " + kind);
                continue;
            }
            try {
                Object _ = strict(Manifests.name(document), findings).treeToValue(document, type);
            } catch (JsonProcessingException e) {
                findings.add(Manifests.name(document) + ": " + e.getMessage());
            }
        }
        return findings;
    }

    /** The types keep unknown fields beside the others; here nothing is let in by that door. */
    private static JsonMapper strict(String document, List<String> findings) {
        return JsonMapper.builder()
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_IGNORED_PROPERTIES)
                .withCoercionConfig(LogicalType.Textual, scalars -> {
                    for (CoercionInputShape shape :
                            List.of(CoercionInputShape.Boolean, CoercionInputShape.Integer, CoercionInputShape.Float)) {
                        scalars.setCoercion(shape, CoercionAction.Fail);
                    }
                })
                .annotationIntrospector(new WithoutAnySetters())
                .addHandler(new UnknownFields(document, findings))
                .build();
    }

    private static final class WithoutAnySetters extends JacksonAnnotationIntrospector {
        @Override
        public Boolean hasAnySetter(Annotated member) {
            return false;
        }
    }

    /** All of them, not only the first. */
    private static final class UnknownFields extends DeserializationProblemHandler {
        private final String document;
        private final List<String> findings;

        UnknownFields(String document, List<String> findings) {
            this.document = document;
            this.findings = findings;
        }

        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                JsonDeserializer<?> deserializer,
                Object bean,
                String property)
                throws IOException {
            findings.add(document + ": unknown field "
                    + parser.getParsingContext().pathAsPointer().toString());
            parser.skipChildren();
            return true;
        }
    }
}
