package dev.throughline.policy;

import dev.throughline.policy.AlertRule.Severity;
import dev.throughline.policy.AlertRule.Trigger;
import dev.throughline.policy.Connector.Criticality;
import dev.throughline.policy.Objective.Indicator;
import dev.throughline.policy.document.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads {@code connectors}, {@code objectives} and {@code alerts}: what the desk goes by. */
final class DeskSections {
    private static final Duration WINDOW = Duration.ofDays(28);

    private final Section document;
    private final References references;
    private final Set<String> objectiveNames;

    DeskSections(Section document, References references) {
        this.document = document;
        this.references = references;
        this.objectiveNames = References.names(document, "objectives");
    }

    Map<String, Connector> connectors() {
        Map<String, Connector> connectors = new LinkedHashMap<>();
        Section all = document.section("connectors");
        all.sections("owner", "criticality", "boundaries", "deadline", "queues", "objectives", "description")
                .forEach((name, section) -> {
                    references.connector(all, name);
                    connectors.put(name, connector(name, section));
                });
        return connectors;
    }

    private Connector connector(String name, Section section) {
        section.string("description", "");
        Section owner = section.section("owner", "team", "contact");
        return new Connector(
                name,
                new Connector.Owner(owner.string("team", ""), owner.string("contact", "")),
                oneOf(section, "criticality", Criticality.class, Criticality.MEDIUM),
                references.known(section, "boundaries", References.boundaries(), "boundary"),
                section.has("deadline") ? section.duration("deadline", WINDOW) : null,
                queues(section),
                references.known(section, "objectives", objectiveNames, "objective"));
    }

    private static List<Connector.Queue> queues(Section section) {
        References.names(section, "queues");
        List<Connector.Queue> queues = new ArrayList<>();
        for (Section queue : section.list("queues", "name", "kind", "dead_letter")) {
            queues.add(new Connector.Queue(
                    queue.required("name"),
                    queue.oneOf("kind", "other", "kafka", "rabbitmq", "sqs", "servicebus", "pubsub", "jms", "other"),
                    queue.string("dead_letter", "")));
        }
        return queues;
    }

    Map<String, Objective> objectives() {
        Map<String, Objective> objectives = new LinkedHashMap<>();
        for (Section section : document.list(
                "objectives",
                "name",
                "indicator",
                "connectors",
                "percentile",
                "below",
                "target",
                "window",
                "description")) {
            section.string("description", "");
            String name = section.required("name");
            if (!section.has("indicator")) {
                section.missing("indicator");
            }
            Indicator indicator = oneOf(section, "indicator", Indicator.class, Indicator.ERROR_RATE);
            if (!section.has("below")) {
                section.missing("below");
            }
            if (section.has("percentile") && !indicator.isTime()) {
                section.problem("percentile", "conflict", "a share has no percentile");
            }
            objectives.put(
                    name,
                    new Objective(
                            name,
                            indicator,
                            references.connectors(section, "connectors"),
                            section.number("percentile", 95, 1, 100),
                            indicator.isTime()
                                    ? section.duration("below", Duration.ofMinutes(5))
                                                    .toMillis()
                                            / 1e3
                                    : section.number("below", 0, 0, 1),
                            section.number("target", 0.99, 0, 1),
                            section.duration("window", WINDOW)));
        }
        return objectives;
    }

    List<AlertRule> alerts() {
        References.names(document, "alerts");
        List<AlertRule> alerts = new ArrayList<>();
        for (Section section : document.list(
                "alerts",
                "name",
                "trigger",
                "connectors",
                "entity_types",
                "objective",
                "after",
                "above",
                "lasting",
                "severity",
                "channels",
                "description")) {
            alerts.add(alert(section));
        }
        return alerts;
    }

    private AlertRule alert(Section section) {
        section.string("description", "");
        String name = section.required("name");
        if (!section.has("trigger")) {
            section.missing("trigger");
        }
        Trigger trigger = oneOf(section, "trigger", Trigger.class, Trigger.DEAD_LETTER_AGE);
        String wanted = trigger.isTime() ? "after" : "above";
        String other = trigger.isTime() ? "above" : "after";
        if (section.has("trigger")) {
            if (!section.has(wanted)) {
                section.missing(wanted);
            }
            if (section.has(other)) {
                section.problem(other, "conflict", trigger.label() + " is told by " + wanted);
            }
            if (trigger.needsObjective() && !section.has("objective")) {
                section.missing("objective");
            }
        }
        return new AlertRule(
                name,
                trigger,
                references.connectors(section, "connectors"),
                section.strings("entity_types"),
                references.known(section.string("objective", ""), section, "objective", objectiveNames, "objective"),
                section.has("after") ? section.duration("after", WINDOW) : null,
                section.number("above", 0, 0, 10_000),
                section.duration("lasting", Duration.ofMinutes(1)),
                oneOf(section, "severity", Severity.class, Severity.TICKET),
                section.strings("channels"));
    }

    /** A constant by its lower-case name. */
    private static <E extends Enum<E>> E oneOf(Section section, String key, Class<E> type, E otherwise) {
        String[] words = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
        String word = section.oneOf(key, otherwise.name().toLowerCase(Locale.ROOT), words);
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
    }
}
