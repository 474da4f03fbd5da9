/**
 * Whether a change of a schema breaks those who write or read by it (L3): the gate before a contract is released.
 *
 * <p><b>Face.</b> {@link dev.throughline.contract.compat.SchemaCompatibility} compares two JSON Schemas; {@link
 * dev.throughline.contract.compat.Compatibility} is the answer, a {@link dev.throughline.contract.compat.Verdict} for each {@link
 * dev.throughline.contract.compat.Direction}, with a {@link dev.throughline.contract.compat.Finding} for each thing that stands
 * against it.
 *
 * <p><b>What is proved.</b> Compatible means: whatever one schema admits, the other one admits, by rules only. The schemas are decoded into
 * {@code Shape}s and put into classes of those that say the same; {@code Prover} then shows, for one kind of value at a time, that the
 * facts of the one side cover each keyword of the other: bounds by comparison, patterns by a search through the automata of both sides,
 * listed values by trying them, members and items by the same again. Alternatives of the known side are told apart case by case. Where
 * schemas refer in circles, a goal that comes back for a part of the value is taken for granted: it holds by induction over the value.
 *
 * <p><b>What is refuted.</b> Where no rule covers a keyword, {@code Sampler} makes values at its edge and {@code Witnesses} tries them,
 * whole, with the validator that records are checked by. Incompatible is said with such a record in hand, otherwise it is undecided.
 *
 * <p><b>Bounds.</b> Those of {@code Budget}: goals, nesting, values tried, searches. What exceeds them is undecided. A proof does not look
 * at the bounds of validation itself: a record that the validator gives up on conforms to nothing.
 *
 * <p>Pure, and stateless between two comparisons.
 */
@NullMarked
package dev.throughline.contract.compat;

import org.jspecify.annotations.NullMarked;
