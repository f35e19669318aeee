/**
 * Patterns of topic names to which members of consumer groups subscribe, in the syntax of RE2: what they match takes time that is linear in
 * the name. Pure; the only package that knows RE2/J. Start with {@link io.penstock.core.group.pattern.TopicPattern}.
 */
@NullMarked
package io.penstock.core.group.pattern;

import org.jspecify.annotations.NullMarked;
