/** Tests of transactions as pure state machines: a log in memory, a clock moved by hand. */
@NullMarked
package io.penstock.core.transaction;

import org.jspecify.annotations.NullMarked;
