/**
 * What every {@link io.penstock.storage.PartitionLog} must do, as tests that each implementation inherits. Start with
 * {@link io.penstock.storage.contract.PartitionLogContract}.
 */
@NullMarked
package io.penstock.storage.contract;

import org.jspecify.annotations.NullMarked;
