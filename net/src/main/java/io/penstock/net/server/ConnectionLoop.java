package io.penstock.net.server;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop that serves one connection, and the connection's move to another one: planned when a request comes that is cheaper
 * there, begun when all before it is done, ended there with that request, which is the first one dispatched.
 *
 * <p>Owned by the connection's event loop, whichever that is by then; {@link #run} and {@link #runAtBirthplace} are for any thread.
 */
final class ConnectionLoop {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConnectionLoop.class);

    private final Channel channel;
    private final EventLoop birthplace;
    private final Placement placement = new Placement();
    private ListenerShard shard;
    /** Changes with the shard; volatile for those who call from other threads. */
    private volatile ContextInternal context;

    /** Where to go, once nothing is left to be done here. */
    private @Nullable Departure departure;

    private boolean isMoving;
    private boolean hasMoveFailed;

    private record Departure(ListenerShard target, IncomingRequest first) {}

    ConnectionLoop(ListenerShard birthplace, Channel channel) {
        this.channel = channel;
        this.birthplace = birthplace.context().nettyEventLoop();
        shard = birthplace;
        context = birthplace.context();
    }

    ListenerShard shard() {
        return shard;
    }

    ContextInternal context() {
        return context;
    }

    /** Counts a request; whether it is time to ask for the cheapest loop. */
    boolean isMoveDue(ApiKeys api) {
        return placement.isDue(api);
    }

    /** Plans to move if requests like this one are cheaper elsewhere; the request is kept for there if that is the answer. */
    boolean planMove(IncomingRequest next) {
        if (!LoopChange.isPossible(channel)) {
            return false;
        }
        Thread cheapest = shard.handler(next.api())
                .cheapestLoop(next.decoded().data(), next.decoded().version());
        ListenerShard better = shard.loops().betterThan(shard, cheapest);
        if (better == null) {
            return false;
        }
        departure = new Departure(better, next);
        return true;
    }

    /** Until the connection has moved, nothing further may be dispatched. */
    boolean isMovePlanned() {
        return departure != null;
    }

    /** While it moves, or when that has failed, nothing at all may be done with the channel. */
    boolean isMoving() {
        return isMoving;
    }

    /** Between two event loops: it is not known yet on which one the connection will be. */
    boolean isUnderWay() {
        return isMoving && !hasMoveFailed;
    }

    /**
     * Begins the planned move.
     *
     * @param whenOver called on the new event loop with null, or on the old one with the failure
     */
    void move(Consumer<@Nullable Throwable> whenOver) {
        Departure planned = departure;
        if (planned == null) {
            throw new IllegalStateException("expected a planned move, found none");
        }
        isMoving = true;
        LoopChange.begin(channel, planned.target().context().nettyEventLoop(), failure -> {
            if (failure == null) {
                shard = planned.target();
                context = shard.context();
                isMoving = false;
                whenOver.accept(null);
            } else {
                run(() -> {
                    hasMoveFailed = true;
                    whenOver.accept(failure);
                });
            }
        });
    }

    /** Hands over the request that was kept for the move, which is no longer planned then; null if there is none. */
    @Nullable
    IncomingRequest takeKept() {
        Departure kept = departure;
        departure = null;
        return kept == null ? null : kept.first();
    }

    /** Runs on the connection's event loop, whichever it is by then; called on any thread. */
    void run(Runnable task) {
        EventLoop loop = context.nettyEventLoop();
        execute(loop, () -> {
            if (context.nettyEventLoop() == loop) {
                task.run();
            } else {
                run(task);
            }
        });
    }

    /** Runs where Vert.x accepted the connection, at once if that is here. Its part of the connection knows no other event loop. */
    void runAtBirthplace(Runnable task) {
        if (birthplace.inEventLoop()) {
            task.run();
        } else {
            execute(birthplace, task);
        }
    }

    private static void execute(EventLoop loop, Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOGGER.atDebug().setCause(e).log("The event loop has ended");
        }
    }
}
