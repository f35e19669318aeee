/**
 * Many members of one group that come and go against a real broker, and what must hold meanwhile. Start with {@link
 * io.penstock.net.churn.GroupChurnIT}.
 */
@NullMarked
package io.penstock.net.churn;

import org.jspecify.annotations.NullMarked;
