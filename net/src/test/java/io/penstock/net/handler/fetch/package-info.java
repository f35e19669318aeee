/** Tests of Fetch. */
@NullMarked
package io.penstock.net.handler.fetch;

import org.jspecify.annotations.NullMarked;
