package dev.throughline.policy.reload;

import dev.throughline.policy.ActivePolicy;
import dev.throughline.policy.Canary;
import dev.throughline.policy.Policy;
import dev.throughline.policy.PolicyException;
import dev.throughline.policy.PolicyLoader;
import dev.throughline.policy.document.PolicyFiles;
import dev.throughline.policy.reload.PolicyStatus.Origin;
import dev.throughline.policy.reload.PolicyStatus.Refused;
import dev.throughline.policy.reload.PolicyStatus.RolledBack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Puts in force what a directory says, or says why not. Thread-safe: one decision at a time. */
public final class PolicyReloader {
    private static final Logger LOG = Logger.getLogger(PolicyReloader.class);
    /** A refusal for one of these may be over without the documents changing. */
    private static final Set<String> PASSING = Set.of("unreadable_file", "invalid_key");

    /** False where the built-in policy stays. */
    private final boolean follows;

    private final Path directory;
    private final PolicyLoader loader;
    private final KeptPolicy kept;
    private final InstantSource clock;
    private final Runnable wakeUp;
    private final ReentrantLock lock = new ReentrantLock();
    private final ActivePolicy active;
    private PolicyListener listener = new Silent();
    /** Of what was decided on last: documents, and the key that they name. */
    private String decided = "";
    /** The key that the policy in force was compiled with. */
    private String keyInForce = "";

    private @Nullable PolicyFiles inForce;
    private @Nullable PolicyFiles previous;
    private volatile PolicyStatus status;

    /** What a look at the directory came to. */
    public enum Outcome {
        UNCHANGED,
        APPLIED,
        REFUSED,
        ROLLED_BACK
    }

    private PolicyReloader(PolicyLoader loader, InstantSource clock) {
        this.follows = false;
        this.directory = Path.of("");
        this.loader = loader;
        this.kept = new KeptPolicy(directory);
        this.clock = clock;
        this.wakeUp = () -> {};
        this.status = new PolicyStatus(
                loader.builtIn(), Origin.BUILT_IN, clock.instant(), null, null, null, Duration.ZERO, 0);
        this.active = new ActivePolicy(status.policy());
    }

    /** The built-in policy, which stays. */
    public static PolicyReloader builtIn(PolicyLoader loader, InstantSource clock) {
        return new PolicyReloader(loader, clock);
    }

    /**
     * Takes the directory's policy; where it cannot be used, or was taken back, the last good one.
     *
     * @param wakeUp called from any thread when something has to be decided
     * @throws PolicyException where there is neither
     */
    public static PolicyReloader of(
            Path directory, PolicyLoader loader, KeptPolicy kept, InstantSource clock, Runnable wakeUp) {
        return new PolicyReloader(directory, loader, kept, clock, wakeUp);
    }

    private PolicyReloader(Path directory, PolicyLoader loader, KeptPolicy kept, InstantSource clock, Runnable wakeUp) {
        this.follows = true;
        this.directory = directory;
        this.loader = loader;
        this.kept = kept;
        this.clock = clock;
        this.wakeUp = wakeUp;
        KeptPolicy.State state = kept.state();
        PolicyStart start = PolicyStart.of(directory, loader, kept, clock.instant());
        this.status = start.status();
        this.inForce = start.inForce();
        this.active = new ActivePolicy(status.policy());
        this.keyInForce = PolicyKey.fingerprint(status.policy().keyFile());
        this.decided = start.found() + keyInForce;
        resumeCanary(state, kept.files(state.current()));
        if (status.origin() == Origin.DIRECTORY) {
            keep();
        }
    }

    /** A policy that was new when the process ended, or became new while it was away, is watched. */
    private void resumeCanary(KeptPolicy.State state, @Nullable PolicyFiles lastGood) {
        PolicyFiles now = inForce;
        if (now == null || lastGood == null) {
            return;
        }
        boolean same = now.hashText().equals(state.current());
        PolicyFiles before = same ? kept.files(state.previous()) : lastGood;
        boolean over = same && !state.canaryUntil().isAfter(clock.instant());
        if (before == null || over) {
            return;
        }
        Policy policy = PolicyStart.lastGood(before, directory, loader);
        if (policy != null) {
            watch(status.policy(), policy, before, same ? state.canaryUntil() : null);
        }
    }

    public ActivePolicy active() {
        return active;
    }

    public PolicyStatus status() {
        return status;
    }

    /** Whoever has to know from here on. */
    public void listen(PolicyListener to) {
        listener = to;
    }

    /** Whether what was refused may have become usable without the documents changing. */
    boolean isPassing() {
        Refused refused = status.refused();
        return refused != null && refused.problems().stream().anyMatch(problem -> PASSING.contains(problem.code()));
    }

    /** Looks at the directory and decides. */
    public Outcome reload() {
        if (!follows) {
            return Outcome.UNCHANGED;
        }
        long began = System.nanoTime();
        lock.lock();
        try {
            PolicyFiles files;
            try {
                files = loader.read(directory);
            } catch (PolicyException e) {
                decided = "";
                String key = PolicyKey.fingerprint(status.policy().keyFile());
                if (!key.equals(keyInForce)) {
                    takeKey(key);
                }
                return refuse("", e);
            }
            return decide(files, began);
        } finally {
            lock.unlock();
        }
    }

    private Outcome decide(PolicyFiles files, long began) {
        String key = PolicyKey.fingerprint(status.policy().keyFile());
        String now = files.hashText() + key;
        if (!key.equals(keyInForce) && !isInForce(files)) {
            takeKey(key);
        }
        if (now.equals(decided) && !isPassing()) {
            return Outcome.UNCHANGED;
        }
        RolledBack rolledBack = status.rolledBack();
        if (rolledBack != null && rolledBack.hash().equals(files.hashText())) {
            status = status.with(null, rolledBack, status.canaryUntil());
            decided = now;
            return Outcome.UNCHANGED;
        }
        try {
            Policy policy = loader.compile(files, directory);
            apply(files, policy, Duration.ofNanos(System.nanoTime() - began));
            decided = files.hashText() + PolicyKey.fingerprint(policy.keyFile());
            return Outcome.APPLIED;
        } catch (PolicyException e) {
            boolean again = now.equals(decided);
            decided = now;
            return again ? Outcome.UNCHANGED : refuse(files.hashText(), e);
        }
    }

    private boolean isInForce(PolicyFiles files) {
        PolicyFiles current = inForce;
        return current != null && current.hashText().equals(files.hashText());
    }

    /** The policy in force with another key, whatever stands in the directory. */
    private void takeKey(String key) {
        Policy policy = PolicyStart.lastGood(inForce, directory, loader);
        keyInForce = key;
        if (policy != null) {
            active.swap(policy, active.inForce().canary());
            PolicyStatus old = status;
            status = new PolicyStatus(
                    policy,
                    old.origin(),
                    old.since(),
                    old.refused(),
                    old.rolledBack(),
                    old.canaryUntil(),
                    old.took(),
                    old.reloads());
            LOG.infof("policy %s has another key for pseudonyms", policy);
        }
    }

    /** A look ended unexpectedly. */
    void failed() {
        listener.failed();
    }

    private Outcome refuse(String hash, PolicyException e) {
        Refused before = status.refused();
        Refused refused = new Refused(clock.instant(), hash, e.problems(), e.dropped());
        if (before != null && before.hash().equals(hash) && before.problems().equals(refused.problems())) {
            return Outcome.UNCHANGED;
        }
        PolicyStatus old = status;
        status = old.with(refused, old.rolledBack(), old.canaryUntil());
        LOG.errorf("the policy in %s is refused, and %s stays: %s", directory, old.policy(), e.getMessage());
        listener.refused(refused);
        return Outcome.REFUSED;
    }

    private void apply(PolicyFiles files, Policy policy, Duration took) {
        PolicyStatus old = status;
        PolicyFiles before = inForce;
        inForce = files;
        status = new PolicyStatus(policy, Origin.DIRECTORY, clock.instant(), null, null, null, took, old.reloads() + 1);
        keyInForce = PolicyKey.fingerprint(policy.keyFile());
        Canary watching = active.inForce().canary();
        if (before != null && before.hashText().equals(files.hashText())) {
            active.swap(policy, watching);
            status = status.with(null, null, old.canaryUntil());
        } else if (watching == null || previous == null) {
            watch(policy, old.policy(), before, null);
        } else if (previous.hashText().equals(files.hashText())) {
            previous = null;
            active.swap(policy, null);
        } else {
            // What is new is compared with what has proved itself, not with what was new a moment ago.
            watch(policy, watching.previous(), previous, null);
        }
        keep();
        LOG.infof("policy %s is in force, in place of %s; it took %d ms", policy, old.policy(), took.toMillis());
        listener.applied(policy, took);
    }

    /** Puts a policy in force with a canary, unless it asks for none. */
    private void watch(Policy policy, Policy before, @Nullable PolicyFiles beforeFiles, @Nullable Instant until) {
        if (beforeFiles == null || policy.canary().refusalRateMax() >= 1) {
            previous = null;
            active.swap(policy, null);
            return;
        }
        Instant end = until == null ? clock.instant().plus(policy.canary().window()) : until;
        previous = beforeFiles;
        active.swap(policy, new Canary(before, policy.canary(), end, wakeUp));
        PolicyStatus now = status;
        status = now.with(now.refused(), now.rolledBack(), end);
    }

    private void keep() {
        PolicyFiles files = inForce;
        if (files == null) {
            return;
        }
        RolledBack rolledBack = status.rolledBack();
        Instant until = status.canaryUntil();
        PolicyFiles before = previous;
        try {
            kept.keep(
                    new KeptPolicy.State(
                            files.hashText(),
                            before == null ? "" : before.hashText(),
                            until == null ? Instant.EPOCH : until,
                            rolledBack == null ? "" : rolledBack.hash(),
                            rolledBack == null ? Instant.EPOCH : rolledBack.at(),
                            rolledBack == null ? "" : rolledBack.finding()),
                    files);
        } catch (IOException e) {
            LOG.warnf(
                    "the policy in force could not be kept on disk (%s): a restart beside a bad one would not find it",
                    e.getClass().getSimpleName());
        }
    }

    /** Takes a new policy back that refuses too much, or lets it be one like any other when its time is over. */
    public Outcome watchCanary() {
        lock.lock();
        try {
            Canary canary = active.inForce().canary();
            if (canary == null) {
                return Outcome.UNCHANGED;
            }
            Canary.Finding finding = canary.finding();
            if (finding != null) {
                rollBack(canary, finding);
                return Outcome.ROLLED_BACK;
            }
            if (!canary.until().isAfter(clock.instant())) {
                previous = null;
                PolicyStatus old = status;
                status = old.with(old.refused(), null, null);
                active.swap(old.policy(), null);
                keep();
            }
            return Outcome.UNCHANGED;
        } finally {
            lock.unlock();
        }
    }

    private void rollBack(Canary canary, Canary.Finding finding) {
        PolicyStatus old = status;
        PolicyFiles taken = inForce;
        RolledBack why = new RolledBack(clock.instant(), taken == null ? "" : taken.hashText(), finding);
        active.swap(canary.previous(), null);
        inForce = previous;
        previous = null;
        // It may have changed since that policy was compiled.
        keyInForce = "unknown";
        status = new PolicyStatus(
                canary.previous(),
                Origin.LAST_GOOD,
                clock.instant(),
                old.refused(),
                why,
                null,
                old.took(),
                old.reloads());
        keep();
        LOG.errorf(
                "policy %s is taken back and stays off until its documents change, and %s is in force again: %s",
                old.policy(), canary.previous(), finding);
        listener.rolledBack(canary.previous(), why);
    }

    private static final class Silent implements PolicyListener {
        @Override
        public void applied(Policy policy, Duration took) {}

        @Override
        public void refused(Refused refused) {}

        @Override
        public void failed() {}

        @Override
        public void rolledBack(Policy policy, RolledBack why) {}
    }
}
