/**
 * The policy: one YAML document that rules contract, masking and streams, compiled to one immutable object.
 *
 * <p><b>Shape.</b> {@code apiVersion: throughline.dev/v1}, {@code kind: Policy}; sections {@code streams}, {@code routes}, {@code
 * contract}, {@code masking}; the built-in one is the resource {@code policy/default-policy.yaml}. A policy directory holds
 * {@code *.yaml} and {@code *.yml} files whose sections are laid over the built-in policy; a section may come in one file only.
 *
 * <p><b>Errors.</b> {@link dev.throughline.policy.PolicyException} with a code and the place as a JSON pointer. <b>Threads.</b> A
 * {@link dev.throughline.policy.Policy} is immutable; {@link dev.throughline.policy.ActivePolicy} holds the one in force.
 */
@NullMarked
package dev.throughline.policy;

import org.jspecify.annotations.NullMarked;
