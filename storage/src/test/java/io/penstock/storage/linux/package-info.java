/** Tests of what Linux offers beyond Java, each in threads of their own. */
@NullMarked
package io.penstock.storage.linux;

import org.jspecify.annotations.NullMarked;
