@NullMarked
package io.penstock.core.quota;

import org.jspecify.annotations.NullMarked;
