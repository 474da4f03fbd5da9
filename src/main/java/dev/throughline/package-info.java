/**
 * Throughline: a gateway for the structured logs and OTLP spans of CRM and ERP connectors.
 *
 * <p>The first level of packages is the story of a record: {@code ingest} decodes it, {@code contract} checks it, {@code
 * masking} makes it safe to keep, {@code spool} keeps it, {@code delivery} forwards it, {@code storage} and {@code journey}
 * find it again. This package holds what all of them answer errors with.
 */
@NullMarked
package dev.throughline;

import org.jspecify.annotations.NullMarked;
