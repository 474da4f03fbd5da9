/**
 * The packaged program as an operating system sees it: started, watched, stopped and killed from outside.
 *
 * <p>{@link dev.throughline.cli.packaged.PackagedProgram} knows the command line; {@link
 * dev.throughline.cli.packaged.RunningServer} is one running process with its ports and token, read from {@code DIR/run}; {@link
 * dev.throughline.cli.packaged.ProcessUsage} reads its CPU time and memory from {@code /proc} (proc(5): {@code stat} fields 14 and
 * 15 in clock ticks, {@code status} line {@code VmHWM} in KiB); {@link dev.throughline.cli.packaged.BrokerProcess} is a Kafka broker
 * beside it. Only Linux gives usage and pinning; elsewhere they are absent and the callers say so.
 *
 * <p>Only processes that were started here are ever signalled. Every wait has a bound; what does not come up in time is an {@link
 * java.io.IOException} that names the log file to read.
 */
@NullMarked
package dev.throughline.cli.packaged;

import org.jspecify.annotations.NullMarked;
