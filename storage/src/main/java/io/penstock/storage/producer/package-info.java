/** What each idempotent or transactional producer wrote last, for sequence checks (KIP-98). Pure; owned by the log. */
@NullMarked
package io.penstock.storage.producer;

import org.jspecify.annotations.NullMarked;
