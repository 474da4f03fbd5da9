package dev.throughline.policy.reload;

import dev.throughline.policy.Policy;
import dev.throughline.policy.PolicyException;
import dev.throughline.policy.PolicyLoader;
import dev.throughline.policy.document.PolicyFiles;
import dev.throughline.policy.reload.PolicyStatus.Origin;
import dev.throughline.policy.reload.PolicyStatus.Refused;
import dev.throughline.policy.reload.PolicyStatus.RolledBack;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What a process begins with: the directory's policy; where that cannot be used, or was taken back, the last good one.
 *
 * @param inForce the files of the policy in force
 * @param found hash of the directory's files; empty where they could not be read
 */
record PolicyStart(PolicyStatus status, PolicyFiles inForce, String found) {
    private static final Logger LOG = Logger.getLogger(PolicyStart.class);

    /** @throws PolicyException where there is neither */
    static PolicyStart of(Path directory, PolicyLoader loader, KeptPolicy kept, Instant now) {
        KeptPolicy.State state = kept.state();
        PolicyFiles lastGood = kept.files(state.current());
        String found = "";
        PolicyException refusal;
        try {
            long began = System.nanoTime();
            PolicyFiles files = loader.read(directory);
            found = files.hashText();
            Policy before = found.equals(state.rolledBack()) ? lastGood(lastGood, directory, loader) : null;
            if (before != null && lastGood != null) {
                RolledBack why = rolledBack(state);
                LOG.errorf(
                        "the policy in %s was taken back and stays off until it changes: %s", directory, why.finding());
                return new PolicyStart(lastGood(before, now, null, why), lastGood, found);
            }
            Policy policy = loader.compile(files, directory);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            return new PolicyStart(
                    new PolicyStatus(policy, Origin.DIRECTORY, now, null, null, null, took, 0), files, found);
        } catch (PolicyException e) {
            refusal = e;
        }
        Policy policy = lastGood(lastGood, directory, loader);
        if (policy == null || lastGood == null) {
            throw refusal;
        }
        LOG.errorf("the policy in %s is refused, and the last good one is taken: %s", directory, refusal.getMessage());
        Refused refused = new Refused(now, found, refusal.problems(), refusal.dropped());
        RolledBack why = state.rolledBack().isEmpty() ? null : rolledBack(state);
        return new PolicyStart(lastGood(policy, now, refused, why), lastGood, found);
    }

    private static PolicyStatus lastGood(
            Policy policy, Instant now, @Nullable Refused refused, @Nullable RolledBack why) {
        return new PolicyStatus(policy, Origin.LAST_GOOD, now, refused, why, null, Duration.ZERO, 0);
    }

    private static RolledBack rolledBack(KeptPolicy.State state) {
        return new RolledBack(state.rolledBackAt(), state.rolledBack(), state.finding());
    }

    /** Null where there is none, or where what was good once cannot be used any more. */
    static @Nullable Policy lastGood(@Nullable PolicyFiles files, Path directory, PolicyLoader loader) {
        if (files == null) {
            return null;
        }
        try {
            return loader.compileUntried(files, directory);
        } catch (PolicyException e) {
            LOG.warnf("the policy of before cannot be used any more: %s", e.getMessage());
            return null;
        }
    }
}
