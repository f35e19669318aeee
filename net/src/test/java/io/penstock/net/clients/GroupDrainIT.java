package io.penstock.net.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.TestBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A broker that stops does not wait for members that wait for each other. */
@ExtendWith(AlarmExtension.class)
class GroupDrainIT {
    private static final short WITHOUT_KNOWN_ID = 3;

    @Test
    void shouldAnswerAWaitingMemberAtOnceWhenTheBrokerStops() throws IOException {
        // given: the first member of a group waits a minute for others, and stopping would wait for its answer as long
        TestBroker broker = TestBroker.start(
                TestBroker.Store.MEMORY,
                Map.of(
                        "group.initial.rebalance.delay.ms", "60000",
                        "penstock.shutdown.drain.timeout.ms", "25000"));
        String address = broker.address();
        try (RawClient client = RawClient.connect(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))) {
            FindCoordinatorRequestData find = new FindCoordinatorRequestData();
            find.coordinatorKeys().add("g");
            client.send(ApiKeys.FIND_COORDINATOR, 1, find)
                    .read(ApiKeys.FIND_COORDINATOR, FindCoordinatorResponseData.class);
            client.sendBytes(RawClient.frame(ApiKeys.JOIN_GROUP, WITHOUT_KNOWN_ID, 2, joinRequest()));
            awaitMember(broker);

            // when
            long beganNs = System.nanoTime();
            broker.close();
            Duration stop = Duration.ofNanos(System.nanoTime() - beganNs);

            // then
            JoinGroupResponseData answer =
                    client.read(ApiKeys.JOIN_GROUP, WITHOUT_KNOWN_ID, JoinGroupResponseData.class);
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NOT_COORDINATOR);
            assertThat(stop).isLessThan(Duration.ofSeconds(20));
        }
    }

    private static JoinGroupRequestData joinRequest() {
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId("g")
                .setProtocolType("consumer")
                .setSessionTimeoutMs(30_000)
                .setRebalanceTimeoutMs(300_000);
        request.protocols().add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[0]));
        return request;
    }

    private static void awaitMember(TestBroker broker) {
        try (var admin = Clients.admin(broker)) {
            while (!hasMember(admin)) {
                Thread.onSpinWait();
            }
        }
    }

    /** The group does not exist before the broker has read the request to join it, which nobody has waited for. */
    private static boolean hasMember(Admin admin) {
        try {
            return Clients.await(admin.describeClassicGroups(List.of("g")).all()).values().stream()
                    .anyMatch(group -> !group.members().isEmpty());
        } catch (GroupIdNotFoundException e) {
            return false;
        }
    }
}
