/**
 * What a setting is: key, type, default, rule, meaning, and what a bad value is told. Immutable values without I/O.
 *
 * <p>Start with {@link Setting}, then {@link Catalogue} and {@link Problem}. Depends on nothing outside this package.
 */
@NullMarked
package io.penstock.config.setting;

import org.jspecify.annotations.NullMarked;
