@NullMarked
package io.penstock.net.telemetry;

import org.jspecify.annotations.NullMarked;
