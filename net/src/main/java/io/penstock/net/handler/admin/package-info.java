/**
 * The APIs of administration tools beyond topics, configuration and groups: elections, reassignments, producers, the quorum, features,
 * access control. Stateless; what they tell comes from the metadata image, what they change goes through {@code ClusterAdmin}.
 *
 * <p>Start with {@link io.penstock.net.handler.admin.AdminHandlers}.
 */
@NullMarked
package io.penstock.net.handler.admin;

import org.jspecify.annotations.NullMarked;
