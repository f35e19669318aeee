/** Tests of the handlers of groups, on the doubles of the handler package. */
@NullMarked
package io.penstock.net.handler.group;

import org.jspecify.annotations.NullMarked;
