/**
 * The cluster's metadata: records, the immutable image they replay into, and the decisions that make new records. Pure.
 *
 * <p>Start with {@link io.penstock.core.metadata.MetadataImage}.
 */
@NullMarked
package io.penstock.core.metadata;

import org.jspecify.annotations.NullMarked;
