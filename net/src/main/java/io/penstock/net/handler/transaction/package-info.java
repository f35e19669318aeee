/**
 * Answers the APIs of transactions: puts old versions into the newest form, asks {@link io.penstock.core.TransactionCoordinator}, and
 * puts its answers and error codes into the request's version. Stateless; start with
 * {@link io.penstock.net.handler.transaction.TransactionHandlers}.
 */
@NullMarked
package io.penstock.net.handler.transaction;

import org.jspecify.annotations.NullMarked;
