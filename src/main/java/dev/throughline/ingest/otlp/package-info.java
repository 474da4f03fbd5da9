@org.jspecify.annotations.NullMarked
package dev.throughline.ingest.otlp;
