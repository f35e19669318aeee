package io.penstock.core.runtime;

import io.penstock.storage.linux.ThreadScheduling;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one broker that may wait: for the disk, or for long computations. Event loops hand such work over and go on.
 *
 * <p>Safe from any thread. Bounded in threads and in waiting tasks: {@link #execute} throws
 * {@link RejectedExecutionException} when full, it never runs a task in the caller.
 */
public final class DiskWorkers implements Executor, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(DiskWorkers.class);
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 30;

    private final String name;
    private final ThreadPoolExecutor pool;

    /**
     * Starts no thread yet.
     *
     * @param name start of the thread names
     * @param threads most threads at a time
     * @param maxWaiting most tasks that wait for a thread
     */
    public DiskWorkers(String name, int threads, int maxWaiting) {
        this(name, threads, threads, new LinkedBlockingQueue<>(maxWaiting), false);
        pool.allowCoreThreadTimeOut(true);
    }

    private DiskWorkers(
            String name, int coreThreads, int maxThreads, BlockingQueue<Runnable> waiting, boolean standBack) {
        this.name = name;
        AtomicInteger number = new AtomicInteger();
        pool = new ThreadPoolExecutor(coreThreads, maxThreads, IDLE_SECONDS, TimeUnit.SECONDS, waiting, task -> {
            Runnable work = standBack ? () -> runStandingBack(task) : task;
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Workers for few long tasks: a thread is started only if none is idle, and no task waits, it is refused. Where there are more
     * threads than processors, others come first.
     */
    static DiskWorkers inBackground(String name, int maxThreads) {
        return new DiskWorkers(name, 0, maxThreads, new SynchronousQueue<>(), true);
    }

    private static void runStandingBack(Runnable task) {
        ThreadScheduling.standBack();
        task.run();
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Tasks that wait for a thread. */
    public int waiting() {
        return pool.getQueue().size();
    }

    /** Takes no more tasks and waits for those accepted. Blocks: not for an event loop. */
    @Override
    public void close() {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOGGER.warn(
                        "{} still work {} s after they should end, abandoning {} tasks",
                        name,
                        CLOSE_SECONDS,
                        pool.shutdownNow().size());
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
