/**
 * The composition root: collector and desk in one process, made of the parts and wired by constructor.
 *
 * <p>{@link dev.throughline.server.ServerConfig} is what a command line, the environment or a file says; {@link
 * dev.throughline.server.Assembly} makes the parts of it; {@link dev.throughline.server.Lifecycle} starts them, writes {@code
 * DIR/run/ports.json} and drains on SIGTERM: on ports that stay open senders are told 503, what is spooled is delivered within a bound, the
 * rest stays in the spool for the next start. {@link dev.throughline.server.ApiPort} opens the API's port over Quarkus' router.
 */
@NullMarked
package dev.throughline.server;

import org.jspecify.annotations.NullMarked;
