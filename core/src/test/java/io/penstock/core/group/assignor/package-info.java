/** Our assignors beside Kafka's own. */
@NullMarked
package io.penstock.core.group.assignor;

import org.jspecify.annotations.NullMarked;
