/**
 * Small durable files and the data directory that holds them. Everything that touches the disk blocks and must run on a disk thread.
 *
 * <p>Start with {@link io.penstock.storage.file.CheckpointFile}, {@link io.penstock.storage.file.DataDirectory} and
 * {@link io.penstock.storage.file.SealedReader}. Depends on nothing else of ours.
 */
@NullMarked
package io.penstock.storage.file;

import org.jspecify.annotations.NullMarked;
