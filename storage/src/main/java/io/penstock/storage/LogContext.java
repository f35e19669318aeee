package io.penstock.storage;

import java.util.concurrent.Executor;

/**
 * The threads a log may use. Immutable.
 *
 * @param owner runs tasks one after another on the log's owner; all state of the log is touched only there
 * @param disk runs work that may wait for the disk, many tasks at a time, in no order; a full queue must throw
 *     {@link java.util.concurrent.RejectedExecutionException} rather than run the task in the caller
 */
public record LogContext(Executor owner, Executor disk) {}
