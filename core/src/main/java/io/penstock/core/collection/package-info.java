/**
 * Collections that never change, for state that many readers share or that decisions try changes on. Depends on nothing outside this
 * package.
 */
@NullMarked
package io.penstock.core.collection;

import org.jspecify.annotations.NullMarked;
