/**
 * Copies per byte on the way from a socket into a segment and from a segment into a socket, counted and timed, without a broker: what mapped
 * slices, {@code sendfile} and copies over the heap cost on this machine. The segment is a plain file, mapped, laid out like one of the log's: a
 * word of 4 bytes before each batch, which therefore is contiguous with no other.
 *
 * <p>Start with {@link io.penstock.bench.zerocopy.ZeroCopyCommand}, then {@link io.penstock.bench.zerocopy.FetchPath} and {@link
 * io.penstock.bench.zerocopy.StorePath}, which say what each path copies.
 */
@NullMarked
package io.penstock.bench.zerocopy;

import org.jspecify.annotations.NullMarked;
