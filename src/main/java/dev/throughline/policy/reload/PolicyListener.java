package dev.throughline.policy.reload;

import dev.throughline.policy.Policy;
import java.time.Duration;

/** Hears what becomes of a policy; called by the thread that decides. */
public interface PolicyListener {
    /** It is in force: what does not ask the policy by itself is set now. */
    void applied(Policy policy, Duration took);

    void refused(PolicyStatus.Refused refused);

    /** A look at the directory ended unexpectedly; what is in force stays. */
    void failed();

    /** The one before is in force again. */
    void rolledBack(Policy policy, PolicyStatus.RolledBack why);
}
