/** Reading and patching the fixed header of a Kafka v2 record batch in place. Stateless. */
@NullMarked
package io.penstock.storage.batch;

import org.jspecify.annotations.NullMarked;
