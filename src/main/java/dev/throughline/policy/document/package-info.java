/**
 * The policy's documents, before anything is made of them: YAML read into {@linkplain
 * dev.throughline.policy.document.DocumentNode nodes} that know their file, line and column, several files merged, and {@linkplain
 * dev.throughline.policy.document.Section sections} read strictly.
 *
 * <p><b>Reading.</b> {@link dev.throughline.policy.document.DocumentReader} composes with SnakeYAML and constructs nothing: tags but those
 * of the core schema, merge keys, duplicate keys and a second document are refused; aliases are expanded within a bound, so that
 * neither a cycle nor a bomb gets further than that. {@link dev.throughline.policy.document.PolicyFiles} reads a directory as it stood at
 * one moment.
 *
 * <p><b>Errors.</b> All that is wrong is collected in {@link dev.throughline.policy.document.Problems}, each with its place, a stable
 * code and a sentence; reading goes on as far as it makes sense. Nothing here throws for what a document says.
 */
@NullMarked
package dev.throughline.policy.document;

import org.jspecify.annotations.NullMarked;
