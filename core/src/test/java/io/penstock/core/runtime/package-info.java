/** Tests of the verticles, and what they share. */
@NullMarked
package io.penstock.core.runtime;

import org.jspecify.annotations.NullMarked;
