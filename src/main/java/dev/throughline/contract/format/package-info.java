/**
 * The nineteen formats of JSON Schema 2020-12 (Validation, section 7.3), each a predicate over the UTF-8 bytes of a text whose escapes
 * are already decoded. {@link dev.throughline.contract.format.StringFormat} is the only public face.
 *
 * <p>Sources: RFC 3339 (a leap second {@code :60} is allowed where it is 23:59:60 in UTC, appendix D), 5321, 6531, 1123, 5890–5893
 * (IDNA 2008, contextual and bidi rules included; {@code java.net.IDN} is IDNA 2003 and not used), 2673, 4291, 3986, 3987, 9562,
 * 6570, 6901, ECMA-262. Date and time, uuid, ipv4, hostnames without an A-label and JSON pointers allocate nothing. Stateless: any
 * thread.
 */
@NullMarked
package dev.throughline.contract.format;

import org.jspecify.annotations.NullMarked;
