/**
 * Who may send and read. Until roles and tenants are built there is one identity, the holder of the token in {@code
 * DIR/run/token}, and the program listens on loopback only unless it is told otherwise.
 *
 * <p>A token is 256 random bits in URL-safe base 64, kept over restarts in a file of mode 0600. It travels as {@code
 * Authorization: Bearer …} (RFC 6750) and is compared in constant time. Thread-safe.
 */
@NullMarked
package dev.throughline.access;

import org.jspecify.annotations.NullMarked;
