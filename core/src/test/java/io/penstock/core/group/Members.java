package io.penstock.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;

/** What members of group {@code g} say, and the usual ways through a rebalance. */
final class Members {
    static final String GROUP = "g";
    static final int SESSION_MS = 10_000;
    static final int REBALANCE_MS = 60_000;

    private Members() {}

    /** A request to join with a session of 10 s and a rebalance timeout of 60 s, subscribed to topic {@code t}. */
    static JoinGroupRequestData joinRequest(String memberId, String... protocols) {
        return new JoinGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setProtocols(protocols(subscription("t"), protocols.length == 0 ? new String[] {"range"} : protocols));
    }

    static JoinGroupRequestData staticJoinRequest(String instanceId, String memberId) {
        return joinRequest(memberId).setGroupInstanceId(instanceId);
    }

    static JoinGroupRequestProtocolCollection protocols(byte[] metadata, String... names) {
        JoinGroupRequestProtocolCollection collection = new JoinGroupRequestProtocolCollection();
        for (String name : names) {
            collection.add(new JoinGroupRequestProtocol().setName(name).setMetadata(metadata));
        }
        return collection;
    }

    static byte[] subscription(String... topics) {
        ByteBuffer bytes = MessageUtil.toVersionPrefixedByteBuffer(
                (short) 1, new ConsumerProtocolSubscription().setTopics(Arrays.asList(topics)));
        byte[] array = new byte[bytes.remaining()];
        bytes.get(array);
        return array;
    }

    /** The id that a new dynamic member is given. */
    static String newId(ShardFixture broker) {
        JoinGroupResponseData given = broker.join(joinRequest("")).get();
        assertThat(error(given)).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        return given.memberId();
    }

    /** A new dynamic member asks to join for good. */
    static Joining joining(ShardFixture broker) {
        String id = newId(broker);
        return new Joining(id, broker.join(joinRequest(id)));
    }

    /** A member that has asked to join. */
    record Joining(String id, Answer<JoinGroupResponseData> answer) {
        JoinGroupResponseData joined() {
            assertThat(error(answer.get())).isEqualTo(Errors.NONE);
            return answer.get();
        }

        int generation() {
            return joined().generationId();
        }
    }

    /** Brings a group of so many dynamic members into the Stable state; the first leads. */
    static List<Joining> stableGroup(ShardFixture broker, int count) {
        List<Joining> members = new ArrayList<>(List.of(joining(broker)));
        while (members.size() < count) {
            members.add(joining(broker));
            for (int i = 0; i < members.size() - 1; i++) {
                Joining member = members.get(i);
                members.set(i, new Joining(member.id(), broker.join(joinRequest(member.id()))));
            }
        }
        syncAll(broker, members);
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
        return members;
    }

    /** The leader assigns every member its own id as text. */
    static void syncAll(ShardFixture broker, List<Joining> members) {
        for (Joining member : members) {
            boolean leads = member.joined().leader().equals(member.id());
            broker.sync(leads ? assignAll(member, members) : syncRequest(member.id(), member.generation()));
        }
    }

    static SyncGroupRequestData assignAll(Joining leader, List<Joining> members) {
        List<SyncGroupRequestAssignment> assignments = members.stream()
                .map(member -> new SyncGroupRequestAssignment()
                        .setMemberId(member.id())
                        .setAssignment(text(member.id())))
                .toList();
        return syncRequest(leader.id(), leader.generation()).setAssignments(assignments);
    }

    static SyncGroupRequestData syncRequest(String memberId, int generation) {
        return new SyncGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setGenerationId(generation)
                .setProtocolType("consumer")
                .setProtocolName("range");
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Errors error(JoinGroupResponseData answer) {
        return Errors.forCode(answer.errorCode());
    }
}
