@NullMarked
package io.penstock.core.collection;

import org.jspecify.annotations.NullMarked;
