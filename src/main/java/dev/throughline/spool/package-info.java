@NullMarked
package dev.throughline.spool;

import org.jspecify.annotations.NullMarked;
