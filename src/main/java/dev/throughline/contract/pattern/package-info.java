/**
 * ECMA-262 regular expressions (Unicode mode, lenient on escaped punctuation and lone braces) as JSON Schema's {@code pattern} means
 * them: an unanchored search over a string's code points.
 *
 * <p>{@link dev.throughline.contract.pattern.TextPattern} is what runs; {@link
 * dev.throughline.contract.pattern.TextAutomaton} says what texts a pattern leaves out. The regular part of the language (classes, Unicode
 * properties, groups, alternation, bounded quantifiers, anchors) becomes a table that walks the UTF-8 bytes once, without allocation:
 * class runs where the shape is fixed, otherwise a DFA of at most {@code DfaBuilder.STATES_MAX} states. Look-around, back references,
 * word boundaries and larger automata run on {@code java.util.regex} under a step budget, so that no pattern hangs a worker.
 *
 * <p>Known differences of that second kind: a back reference to a group that did not take part fails (ECMA: matches empty), and a
 * look-behind must have a bounded length. Patterns are immutable and safe for any thread. Source: ECMA-262, 22.2 (2025).
 */
@NullMarked
package dev.throughline.contract.pattern;

import org.jspecify.annotations.NullMarked;
