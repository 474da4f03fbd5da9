/**
 * The policy: documents that rule contract, masking, streams and the desk, compiled to one immutable object.
 *
 * <p><b>Shape.</b> A directory of YAML files ({@code apiVersion: throughline.dev/v1}, {@code kind: Policy}, and {@code PolicyTest} for cases),
 * merged and laid over the resource {@code policy/default-policy.yaml}; its JSON Schema is the resource {@code
 * policy/policy-v1.schema.json}, and {@code docs/policy.md} the reference. {@link dev.throughline.policy.PolicyLoader} reads ({@code
 * policy.document}), compiles ({@code PolicyCompiler} and a class a section) and tries it ({@link dev.throughline.policy.PolicyCases});
 * {@code policy.reload} follows the directory.
 *
 * <p><b>In use.</b> {@link dev.throughline.policy.ActivePolicy} holds the one in force, which a request reads once. What holds for a
 * connector and tenant is a {@link dev.throughline.policy.RecordRules}, one object for all that are treated alike. {@link
 * dev.throughline.policy.PolicyTrial} says without a server what ingest would do, {@link dev.throughline.policy.PolicyDiff} what another
 * policy would do otherwise, {@link dev.throughline.policy.Canary} what a new one refuses that the one before would have taken.
 *
 * <p><b>Errors.</b> {@link dev.throughline.policy.PolicyException} with everything that is wrong, each with file, line, column, JSON pointer
 * and a stable code. <b>Threads.</b> A {@link dev.throughline.policy.Policy} is immutable.
 */
@NullMarked
package dev.throughline.policy;

import org.jspecify.annotations.NullMarked;
