/** Tests of the parts of streams groups. */
@NullMarked
package io.penstock.core.group.streams;

import org.jspecify.annotations.NullMarked;
