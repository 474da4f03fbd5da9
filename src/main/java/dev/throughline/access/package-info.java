/**
 * Who may send and read. Until roles and tenants are built there is one identity, the holder of the token in {@code
 * DIR/run/token}, and the program listens on loopback only unless it is told otherwise.
 *
 * <p><b>The door.</b> {@link dev.throughline.access.HttpGuard} stands before the handler of every HTTP port. What a port answers without the token is
 * {@link dev.throughline.access.GuardedPort#open()}, exact paths with their handlers; every other request without it ends at the door, so no
 * router's idea of a path matters. {@code Http1Gate} stands in each HTTP/1 connection and refuses what can be read in two ways; {@code
 * RequestTarget} is what a path may look like, {@code HostNames} which names are ours, {@code FailedAttempts} what is logged of wrong tokens
 * and how they are slowed. All of it runs on event loops and never blocks; tables, lines and held-back answers are bounded.
 *
 * <p><b>Bounds.</b> {@code GuardedServer} meets a connection when it is accepted. {@code OpenConnections} and {@code AcceptBound} bound their
 * number, {@code OpenStreams} what each and all may have open over HTTP/2, and {@code Allowance}, which {@code Http1Gate} and {@code Http2Gate}
 * count, what a connection may send that brings little.
 *
 * <p>While the program drains, {@code ConnectionDrain} ends connections with their answers, and {@code LingeringClose}, next to each socket,
 * reads and drops what still comes, so that no answer is lost by a reset.
 *
 * <p>A token is 256 random bits in URL-safe base 64, kept over restarts in a file of mode 0600. It travels as {@code
 * Authorization: Bearer …} (RFC 6750) and is compared in constant time. Thread-safe.
 */
@NullMarked
package dev.throughline.access;

import org.jspecify.annotations.NullMarked;
