/**
 * The command line: {@code throughline COMMAND}, one class a command (picocli), with {@code --help} each.
 *
 * <p>{@code serve} and {@code demo} start the server in this process; all others do without it and either work offline ({@code
 * contract validate}, {@code mask}) or drive a running or packaged program over its own ports ({@code journey}, {@code bench},
 * {@code torture}). Exit codes: 0 all well, 1 the answer is no (a record does not conform, an id is not found, something was lost),
 * 2 usage, or what is needed cannot be read or reached; then one line on standard error says why. Results go to standard output,
 * one per line where they are for scripts; only this package writes to the standard streams. Nothing prints content that is not
 * masked, but for {@code mask}, whose output is masked.
 */
@NullMarked
package dev.throughline.cli;

import org.jspecify.annotations.NullMarked;
