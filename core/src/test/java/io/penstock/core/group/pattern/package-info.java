/** Patterns of topic names, benign and malign. */
@NullMarked
package io.penstock.core.group.pattern;

import org.jspecify.annotations.NullMarked;
