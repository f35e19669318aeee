/**
 * Message ids: which ones a partition has taken in lately, so that a record that comes again is appended once. Pure; a window is owned
 * by one partition.
 *
 * <p>Start with {@link io.penstock.core.dedup.MessageIdWindow}. Uses nothing but the JDK and the sealed bytes of the storage.
 */
@NullMarked
package io.penstock.core.dedup;

import org.jspecify.annotations.NullMarked;
