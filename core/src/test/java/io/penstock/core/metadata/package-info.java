/** Tests of the metadata records, the image they replay into and the decisions that make them. */
@NullMarked
package io.penstock.core.metadata;

import org.jspecify.annotations.NullMarked;
