/**
 * The commands. Each reads its arguments, does its work with the other packages, and answers with an exit code: 0 done, 1 done and the
 * answer is no, 2 the call was wrong (one line on standard error says how). Results go to standard output.
 */
@NullMarked
package dev.throughline.cli;

import org.jspecify.annotations.NullMarked;
