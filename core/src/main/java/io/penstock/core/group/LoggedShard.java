package io.penstock.core.group;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * State that is a log: the part of a coordinator that decides, whatever it coordinates. Pure: its owner replays the log, brings time,
 * and writes what is to be written, one batch after another.
 *
 * @param <R> what stands in the log
 */
public interface LoggedShard<R> {
    /** Takes over a record that is in the log. */
    void replay(R record);

    /** The whole log has been replayed. */
    void onLoaded(Now now);

    /** This broker does not coordinate here any more: everybody who waits is told so. The shard is of no use after. */
    void onUnloaded();

    /** Most bytes of records that can be written at once, from now on. */
    void onMaxBatchBytes(int bytes);

    /**
     * What to write next, in one batch; null if there is nothing, or if a batch is being written already. Must be followed by one
     * {@link #onWritten} or {@link #onUnwritten}.
     */
    @Nullable
    LogWrite nextBatch();

    /** The batch is in the log, and will stay there. */
    void onWritten(Now now);

    /** The batch is not in the log, and never will be. */
    void onUnwritten(Errors error, Now now);

    /** When to call {@link #onTime} at the latest, in awake milliseconds; {@link Long#MAX_VALUE} for never. */
    long nextDeadlineMs();

    /** Does what is due. */
    void onTime(Now now);
}
