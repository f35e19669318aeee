package io.penstock.core.group;

import io.penstock.core.group.record.GroupLogEntry;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A shard on a disk that takes its time and sometimes fails, in a broker that sometimes loses its coordinator and loads it again. The
 * log is what survives.
 */
final class SimulatedCoordinator {
    private static final int MAX_WRITE_MS = 20;
    private static final int MAX_LOAD_MS = 300;

    final List<GroupLogEntry> log;
    /** Whether writes may fail. */
    boolean hasBadDisk;

    private final VirtualTime time;
    private final Random random;
    private final GroupSettings settings;
    private final SimulatedLog disk;
    private CoordinatorShard shard;
    private boolean isLoading;
    private boolean isWriting;
    private int run;
    private int memberNumber;

    SimulatedCoordinator(VirtualTime time, Random random, GroupSettings settings, SimulatedLog disk) {
        this.time = time;
        this.random = random;
        this.settings = settings;
        this.disk = disk;
        this.log = disk.entries;
        this.shard = newShard();
    }

    CoordinatorShard newShard() {
        return new CoordinatorShard(settings, () -> Integer.toString(++memberNumber), ShardFixture.MAX_BATCH_BYTES);
    }

    Now now() {
        return new Now(ShardFixture.START_WALL_MS + time.nowMs(), time.nowMs());
    }

    CoordinatorShard shard() {
        return shard;
    }

    /** Whether all that was decided is in the log. */
    boolean isIdle() {
        return !isLoading && !isWriting;
    }

    void submit(GroupCommand command) {
        if (isLoading) {
            command.refuse(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        } else {
            shard.submit(command, now());
            goOn();
        }
    }

    /** Asks the shard; nobody answers while it loads. */
    void ask(Consumer<CoordinatorShard> question, Consumer<Errors> refusal) {
        if (isLoading) {
            refusal.accept(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        } else {
            question.accept(shard);
            goOn();
        }
    }

    private void goOn() {
        if (isLoading) {
            return;
        }
        if (shard.nextDeadlineMs() <= time.nowMs()) {
            shard.onTime(now());
        }
        if (!isWriting) {
            LogWrite next = shard.nextBatch();
            if (next != null) {
                write(next);
            }
        }
        watch();
    }

    private void watch() {
        long nextMs = shard.nextDeadlineMs();
        int thisRun = run;
        if (nextMs != Long.MAX_VALUE) {
            time.after(Math.max(0, nextMs - time.nowMs()), () -> {
                if (thisRun == run && shard.nextDeadlineMs() <= time.nowMs()) {
                    goOn();
                }
            });
        }
    }

    private void write(LogWrite batch) {
        isWriting = true;
        int thisRun = run;
        boolean fails = hasBadDisk && random.nextInt(4) == 0;
        time.after(random.nextInt(MAX_WRITE_MS), () -> {
            if (thisRun != run) {
                return;
            }
            isWriting = false;
            Errors error = fails ? Errors.COORDINATOR_NOT_AVAILABLE : disk.append(batch);
            if (error == Errors.NONE) {
                shard.onWritten(now());
            } else {
                shard.onUnwritten(error, now());
            }
            goOn();
        });
        inFlight = batch;
    }

    private @Nullable LogWrite inFlight;

    /** Loses everything but the log, and loads it after a while. A batch on its way may have made it or not. */
    void reload() {
        if (isLoading) {
            return;
        }
        if (isWriting && inFlight != null && random.nextBoolean()) {
            disk.append(inFlight);
        }
        run++;
        isWriting = false;
        isLoading = true;
        shard.onUnloaded();
        time.after(random.nextInt(MAX_LOAD_MS), () -> {
            shard = newShard();
            log.forEach(shard::replay);
            shard.onLoaded(now());
            isLoading = false;
            goOn();
        });
    }
}
