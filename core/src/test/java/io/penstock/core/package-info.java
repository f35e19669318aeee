/** Tests of the layering of the core. */
@NullMarked
package io.penstock.core;

import org.jspecify.annotations.NullMarked;
