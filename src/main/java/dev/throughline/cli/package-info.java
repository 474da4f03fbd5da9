/**
 * The command line: one class a command, thin over the packages that do the work. The only place that writes to standard output
 * and standard error.
 *
 * <p>Exit codes: 0 it did what was asked, 1 it ran and the answer is no, 2 it could not run, with one line that says why.
 */
@NullMarked
package dev.throughline.cli;

import org.jspecify.annotations.NullMarked;
