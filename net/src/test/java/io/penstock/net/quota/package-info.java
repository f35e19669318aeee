@NullMarked
package io.penstock.net.quota;

import org.jspecify.annotations.NullMarked;
