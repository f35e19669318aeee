/** Tests of the handlers of administrators, against doubles of the broker. */
@NullMarked
package io.penstock.net.handler.admin;

import org.jspecify.annotations.NullMarked;
