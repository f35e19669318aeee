/**
 * What clients have used and how long they must wait: rates over sliding windows, token buckets, and which quota is whose. Every event
 * loop records here, so state is shared without locks: {@link java.util.concurrent.atomic.LongAdder}s within a sample, compare-and-set
 * where one sample follows another. Time comes from the caller. Uses {@link io.penstock.core.metadata} for the quotas themselves.
 *
 * <p>Start with {@link io.penstock.core.quota.SlidingRate} and {@link io.penstock.core.quota.ClientMeters}.
 */
@NullMarked
package io.penstock.core.quota;

import org.jspecify.annotations.NullMarked;
