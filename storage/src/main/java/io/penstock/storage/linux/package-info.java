/**
 * What Linux offers beyond Java. Elsewhere, and where it is not to be had, callers do without: nothing here is needed for being right.
 *
 * <p>Start with {@link io.penstock.storage.linux.ThreadScheduling}. Depends on nothing else of ours.
 */
@NullMarked
package io.penstock.storage.linux;

import org.jspecify.annotations.NullMarked;
