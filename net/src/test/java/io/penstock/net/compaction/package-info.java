/**
 * Log compaction as clients see it, over a socket and on the disk: what stays, what goes and when, that offsets never change, and that
 * readers and writers notice nothing.
 *
 * <p>Start with {@link io.penstock.net.compaction.CompactedTopic}, which the tests share.
 */
@NullMarked
package io.penstock.net.compaction;

import org.jspecify.annotations.NullMarked;
