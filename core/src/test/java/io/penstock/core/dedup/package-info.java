/** Tests of message ids. */
@NullMarked
package io.penstock.core.dedup;

import org.jspecify.annotations.NullMarked;
