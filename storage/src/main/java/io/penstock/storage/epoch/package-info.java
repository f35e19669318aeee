/** Which leader epoch began at which offset (KIP-101). Pure; owned by the log. */
@NullMarked
package io.penstock.storage.epoch;

import org.jspecify.annotations.NullMarked;
