/**
 * Transactions as pure state machines: who may write under which transactional id, and how a transaction ends (KIP-98, KIP-360,
 * KIP-890). Owned by the coordinator of its partition of {@code __transaction_state}.
 */
@NullMarked
package io.penstock.core.transaction;

import org.jspecify.annotations.NullMarked;
