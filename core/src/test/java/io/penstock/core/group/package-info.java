/** Tests of groups under a clock that is moved by hand. Start with {@link io.penstock.core.group.ShardFixture}. */
@NullMarked
package io.penstock.core.group;

import org.jspecify.annotations.NullMarked;
