/**
 * Who is to read what in a consumer group whose broker assigns (KIP-848). Pure and stateless; uses values of {@code group.record}.
 *
 * <p>Reading order: {@link io.penstock.core.group.assignor.Assignor}, {@link io.penstock.core.group.assignor.RangeAssignor},
 * {@link io.penstock.core.group.assignor.UniformAssignor}.
 */
@NullMarked
package io.penstock.core.group.assignor;

import org.jspecify.annotations.NullMarked;
