/** Settings. */
@NullMarked
package io.penstock.config;

import org.jspecify.annotations.NullMarked;
