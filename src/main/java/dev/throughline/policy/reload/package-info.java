/**
 * The policy's reload: a directory is watched, and what it says is put in force without a restart, or refused.
 *
 * <p>{@link dev.throughline.policy.reload.PolicyReloader} decides: unchanged, applied, refused, taken back. A directory is looked at
 * four times a second and whenever the kernel says that something changed ({@code inotify}): Kubernetes swaps {@code ..data}, editors
 * rename, people copy files. It is read until it stands still, compiled and tried, and only then swapped, as one reference. {@link
 * dev.throughline.policy.reload.KeptPolicy} has the files of the last good policy, so that a restart beside a bad one comes back with the
 * good one, and remembers what a canary took back.
 *
 * <p><b>Threads.</b> One decides ({@code policy-reload}), one waits for the kernel ({@code policy-watch}); {@link
 * dev.throughline.policy.reload.PolicyReloader#status()} is for anyone. <b>Durability.</b> What is put in force is on disk, fsynced, before
 * it counts as kept; where the disk refuses, the policy holds all the same and the log says so.
 */
@NullMarked
package dev.throughline.policy.reload;

import org.jspecify.annotations.NullMarked;
