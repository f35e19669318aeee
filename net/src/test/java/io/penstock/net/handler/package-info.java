/** Tests of the handlers, and the doubles of the broker that they share. */
@NullMarked
package io.penstock.net.handler;

import org.jspecify.annotations.NullMarked;
