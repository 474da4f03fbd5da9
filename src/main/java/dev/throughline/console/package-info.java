/**
 * The page at {@code /}: {@link dev.throughline.console.Page} serves {@code console/index.html}, {@code app.js} and {@code app.css}, which read
 * {@code GET /v1/status}, {@code /v1/quarantine} and {@code /v1/journeys/{id}} as any other client does. The page asks nobody but
 * its own origin, has no inline script or style (its content security policy forbids both), and sets what it shows as text. The
 * token comes by the fragment {@code #token=…}, which no server sees, or by a form, and stays in the tab's session storage.
 */
@NullMarked
package dev.throughline.console;

import org.jspecify.annotations.NullMarked;
