package dev.throughline.server;

import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.arc.ClientProxy;
import io.quarkus.arc.InjectableBean;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.inject.Singleton;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The program's own parts, all of them. A container makes a part when it is first used, which can be in a request: one that cannot
 * be made then fails every request, on a server that said it was ready.
 */
final class EagerBeans {
    private static final String OURS = "dev.throughline.";
    private static final Set<Class<? extends Annotation>> SHARED = Set.of(ApplicationScoped.class, Singleton.class);

    private EagerBeans() {}

    /** Makes whatever is not made yet; throws what the first that cannot be made throws. */
    static void make() {
        ArcContainer container = Arc.container();
        for (InjectableBean<?> bean : all()) {
            // A proxy makes what is behind it when it is asked for it.
            var _ = ClientProxy.unwrap(container.instance(bean).get());
        }
    }

    /** Those of which there is one. */
    static List<InjectableBean<?>> all() {
        List<InjectableBean<?>> ours = new ArrayList<>();
        for (Bean<?> bean : Arc.container().beanManager().getBeans(Object.class, Any.Literal.INSTANCE)) {
            if (bean instanceof InjectableBean<?> known
                    && SHARED.contains(known.getScope())
                    && known.getBeanClass().getName().startsWith(OURS)) {
                ours.add(known);
            }
        }
        return ours;
    }
}
