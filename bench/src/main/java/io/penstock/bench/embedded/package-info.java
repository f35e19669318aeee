/**
 * Measures the embedding API: records from a {@code RecordWriter} to a waiting {@code RecordReader} in the same process. Start with {@link
 * io.penstock.bench.embedded.EmbeddedRun}.
 */
@NullMarked
package io.penstock.bench.embedded;

import org.jspecify.annotations.NullMarked;
