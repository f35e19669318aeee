package io.penstock.core.runtime;

import java.util.concurrent.Executor;

/** Where a reply is to be delivered: runs tasks on the asker's context, at once if that is the running thread. */
@FunctionalInterface
interface Caller extends Executor {}
