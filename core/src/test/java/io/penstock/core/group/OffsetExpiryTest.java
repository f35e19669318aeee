package io.penstock.core.group;

import static io.penstock.core.group.Members.GROUP;
import static io.penstock.core.group.Members.joinRequest;
import static io.penstock.core.group.Members.joining;
import static io.penstock.core.group.Members.protocols;
import static io.penstock.core.group.Members.stableGroup;
import static io.penstock.core.group.Members.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.Members.Joining;
import java.util.List;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** {@code offsets.retention.minutes}: a week by default, from when the group was left or the topic is not read any more. */
class OffsetExpiryTest {
    private static final long RETENTION_MS = GroupSettings.DEFAULT.offsetsRetentionMs();

    private final ShardFixture broker = new ShardFixture();

    private void check() {
        broker.expireOffsets(GROUP);
    }

    private long committed() {
        return broker.committed(GROUP, "t", 0);
    }

    private void keepAlive(String memberId, int generation, long durationMs) {
        for (long passedMs = 0; passedMs < durationMs; passedMs += 5_000) {
            broker.heartbeat(GROUP, memberId, generation);
            broker.advance(5_000);
        }
    }

    // ---- whose offsets expire when

    @Test
    void shouldExpireSimpleCommitsAWeekAfterTheCommit() {
        // given
        broker.commit(GROUP, "", -1, "t", 0, 5);
        broker.advance(RETENTION_MS - 1);
        check();
        long lastMoment = committed();

        // when
        broker.advance(1);
        check();

        // then
        assertThat(lastMoment).isEqualTo(5);
        assertThat(committed()).isEqualTo(-1);
        assertThat(broker.state(GROUP)).isEqualTo("Dead");
    }

    @Test
    void shouldExpireOffsetsAWeekAfterTheLastMemberLeft() {
        // given: committed a day before
        Joining only = stableGroup(broker, 1).get(0);
        broker.commit(GROUP, only.id(), 1, "t", 0, 5);
        keepAlive(only.id(), 1, 86_400_000);
        broker.leave(GROUP, new MemberIdentity().setMemberId(only.id()));

        // when
        broker.advance(RETENTION_MS - 1);
        check();
        long lastMoment = committed();
        broker.advance(1);
        check();

        // then
        assertThat(lastMoment).isEqualTo(5);
        assertThat(committed()).isEqualTo(-1);
        broker.restart();
        assertThat(broker.state(GROUP)).isEqualTo("Dead");
    }

    @Test
    void shouldNotExpireWhatMembersRead() {
        // given
        GroupSettings base = GroupSettings.DEFAULT;
        ShardFixture hasty = new ShardFixture(Settings.withRetentionMs(60_000));
        Joining only = stableGroup(hasty, 1).get(0);
        hasty.commit(GROUP, only.id(), 1, "t", 0, 5);
        hasty.commit(GROUP, only.id(), 1, "u", 0, 6);

        // when: the member reads t, and not u any more
        for (int i = 0; i < 24; i++) {
            hasty.heartbeat(GROUP, only.id(), 1);
            hasty.advance(5_000);
        }
        hasty.expireOffsets(GROUP);

        // then
        assertThat(base.offsetsRetentionMs()).isGreaterThan(60_000);
        assertThat(hasty.committed(GROUP, "t", 0)).isEqualTo(5);
        assertThat(hasty.committed(GROUP, "u", 0)).isEqualTo(-1);
        assertThat(hasty.state(GROUP)).isEqualTo("Stable");
    }

    @Test
    void shouldNotExpireAnythingDuringARebalance() {
        // given
        ShardFixture hasty = new ShardFixture(Settings.withRetentionMs(1_000));
        Joining only = stableGroup(hasty, 1).get(0);
        hasty.commit(GROUP, only.id(), 1, "u", 0, 6);
        joining(hasty);

        // when
        hasty.advance(5_000);
        hasty.expireOffsets(GROUP);

        // then
        assertThat(hasty.state(GROUP)).isEqualTo("PreparingRebalance");
        assertThat(hasty.committed(GROUP, "u", 0)).isEqualTo(6);
    }

    @Test
    void shouldNotExpireOffsetsOfOtherKindsOfGroupsInUse() {
        // given
        ShardFixture hasty = new ShardFixture(Settings.withRetentionMs(1_000));
        var request = joinRequest("").setProtocolType("connect").setProtocols(protocols(subscription("t"), "range"));
        String id = hasty.join(request).get().memberId();
        hasty.join(request.duplicate().setMemberId(id));
        hasty.sync(Members.syncRequest(id, 1).setProtocolType("connect"));
        assertThat(hasty.commit(GROUP, id, 1, "u", 0, 6)).isEqualTo(Errors.NONE);

        // when
        hasty.advance(5_000);
        hasty.expireOffsets(GROUP);

        // then
        assertThat(hasty.committed(GROUP, "u", 0)).isEqualTo(6);
    }

    @Test
    void shouldHonourARetentionThatAnOldClientAsksFor() {
        // given
        OffsetCommitRequestData request =
                ShardFixture.commitRequest(GROUP, "", -1, "t", 0, 5).setRetentionTimeMs(10_000);
        broker.commit(request);
        broker.restart();

        // when
        broker.advance(9_999);
        check();
        long lastMoment = committed();
        broker.advance(1);
        check();

        // then
        assertThat(lastMoment).isEqualTo(5);
        assertThat(committed()).isEqualTo(-1);
    }

    @Test
    void shouldForgetAGroupThatNobodyIsInAndThatHasNoOffsets() {
        // given
        Joining only = stableGroup(broker, 1).get(0);
        check();
        String inUse = broker.state(GROUP);
        broker.leave(GROUP, new MemberIdentity().setMemberId(only.id()));

        // when
        check();

        // then
        assertThat(inUse).isEqualTo("Stable");
        assertThat(broker.state(GROUP)).isEqualTo("Dead");
    }

    @Test
    void shouldExpireManyOffsetsInPortions() {
        // given
        for (int i = 0; i < 2_500; i++) {
            broker.commit(GROUP, "", -1, "t", i, i);
        }
        broker.shard.onMaxBatchBytes(64 * 1024);
        broker.advance(RETENTION_MS);

        // when
        check();

        // then
        assertThat(broker.shard.offsetCount()).isZero();
        assertThat(broker.state(GROUP)).isEqualTo("Dead");
    }

    @Test
    void shouldCountOffsetsCommittedWhileExpiryWasBeingWritten() {
        // given
        broker.commit(GROUP, "", -1, "t", 0, 5);
        broker.advance(RETENTION_MS);
        broker.holdsBack = true;
        check();

        // when
        var commit = broker.commit(ShardFixture.commitRequest(GROUP, "", -1, "t", 0, 6));
        boolean isAnsweredEarly = commit.isThere();
        broker.holdsBack = false;
        broker.write();

        // then
        assertThat(isAnsweredEarly).isFalse();
        assertThat(committed()).isEqualTo(6);
        broker.restart();
        assertThat(committed()).isEqualTo(6);
    }

    // ---- clocks

    @Test
    void shouldNotTakeAJumpOfTheClockForAge() {
        // given
        broker.commit(GROUP, "", -1, "t", 0, 5);
        check();

        // when
        broker.jumpMs = 100 * RETENTION_MS;
        check();
        broker.advance(RETENTION_MS - 1);
        check();

        // then
        assertThat(committed()).isEqualTo(5);
        broker.advance(1);
        check();
        assertThat(committed()).isEqualTo(-1);
    }

    @Test
    void shouldNotTakeAJumpForthAndBackForAge() {
        // given
        broker.commit(GROUP, "", -1, "t", 0, 5);
        check();

        // when
        for (int i = 0; i < 50; i++) {
            broker.jumpMs = i % 2 == 0 ? RETENTION_MS : -RETENTION_MS;
            broker.advance(1_000);
            check();
        }
        broker.jumpMs = 0;
        check();

        // then
        assertThat(committed()).isEqualTo(5);
        broker.advance(RETENTION_MS);
        check();
        assertThat(committed()).isEqualTo(-1);
    }

    @Test
    void shouldCountTheTimeForWhichTheBrokerWasOff() {
        // given
        broker.commit(GROUP, "", -1, "t", 0, 5);

        // when: the clock has gone on while nothing ran
        broker.jumpMs = RETENTION_MS;
        broker.restart();
        check();

        // then
        assertThat(committed()).isEqualTo(-1);
    }

    @Test
    void shouldKeepOffsetsOfTheFuture() {
        // given
        broker.jumpMs = 365 * RETENTION_MS;
        broker.commit(GROUP, "", -1, "t", 0, 5);

        // when
        broker.jumpMs = 0;
        broker.restart();
        broker.advance(RETENTION_MS);
        check();

        // then
        assertThat(List.of(committed())).containsExactly(5L);
    }
}
