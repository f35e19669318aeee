/** Tests of the handlers of transactions. */
@NullMarked
package io.penstock.net.handler.transaction;

import org.jspecify.annotations.NullMarked;
