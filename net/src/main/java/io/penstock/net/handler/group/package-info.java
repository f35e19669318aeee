/**
 * Answers the APIs of groups and committed offsets: puts old versions into the newest form, asks
 * {@link io.penstock.core.GroupCoordinator}, and puts its answers and error codes into the request's version. Stateless; start with
 * {@link io.penstock.net.handler.group.GroupHandlers}.
 */
@NullMarked
package io.penstock.net.handler.group;

import org.jspecify.annotations.NullMarked;
