/**
 * Where the text of settings comes from: property files, environment, command line. Reads only what it is handed;
 * remembers the place of every value for error messages.
 *
 * <p>Start with {@link ServerProperties}. May use {@code config.setting}.
 */
@NullMarked
package io.penstock.config.source;

import org.jspecify.annotations.NullMarked;
