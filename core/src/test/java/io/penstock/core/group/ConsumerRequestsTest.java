package io.penstock.core.group;

import static io.penstock.core.group.ConsumerFixture.beatRequest;
import static io.penstock.core.group.ConsumerFixture.joinRequest;
import static io.penstock.core.group.ConsumerFixture.owned;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConsumerRequestsTest {
    private static final List<String> ASSIGNORS = List.of("uniform", "range");
    private static final ConsumerCaller OLD = new ConsumerCaller("client", "/127.0.0.1", false);

    static Stream<Arguments> flaws() {
        return Stream.of(
                Arguments.of(joinRequest(""), "MemberId can't be empty."),
                Arguments.of(beatRequest(" ", 3), "MemberId can't be empty."),
                Arguments.of(joinRequest("a").setGroupId(" "), "GroupId can't be empty."),
                Arguments.of(joinRequest("a").setInstanceId(""), "InstanceId can't be empty."),
                Arguments.of(joinRequest("a").setRackId(" "), "RackId can't be empty."),
                Arguments.of(
                        joinRequest("a").setRebalanceTimeoutMs(-1),
                        "RebalanceTimeoutMs must be provided in first request."),
                Arguments.of(
                        joinRequest("a").setTopicPartitions(null), "TopicPartitions must be empty when (re-)joining."),
                Arguments.of(
                        joinRequest("a").setTopicPartitions(owned("t", 1)),
                        "TopicPartitions must be empty when (re-)joining."),
                Arguments.of(
                        joinRequest("a").setSubscribedTopicNames(null),
                        "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining."),
                Arguments.of(beatRequest("a", -2), "InstanceId can't be null."),
                Arguments.of(beatRequest("a", -3), "MemberEpoch is invalid."));
    }

    @ParameterizedTest
    @MethodSource("flaws")
    void shouldRefuseWhatIsNotARequest(ConsumerGroupHeartbeatRequestData request, String message) {
        assertThat(ConsumerRequests.flaw(request, ConsumerFixture.CALLER, ASSIGNORS))
                .isEqualTo(new Refusal(Errors.INVALID_REQUEST, message));
    }

    @Test
    void shouldRefuseAnAssignorThatIsNotOffered() {
        assertThat(ConsumerRequests.flaw(
                        joinRequest("a").setServerAssignor("sticky"), ConsumerFixture.CALLER, ASSIGNORS))
                .isEqualTo(new Refusal(
                        Errors.UNSUPPORTED_ASSIGNOR,
                        "ServerAssignor sticky is not supported. Supported assignors: uniform, range."));
    }

    static Stream<ConsumerGroupHeartbeatRequestData> requests() {
        return Stream.of(
                joinRequest("a"),
                joinRequest("a").setSubscribedTopicNames(null).setSubscribedTopicRegex("t.*"),
                joinRequest("a").setServerAssignor("range"),
                beatRequest("a", 1),
                beatRequest("a", -1),
                beatRequest("a", -2).setInstanceId("i"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void shouldHaveNothingAgainstGoodRequests(ConsumerGroupHeartbeatRequestData request) {
        assertThat(ConsumerRequests.flaw(request, ConsumerFixture.CALLER, ASSIGNORS))
                .isNull();
    }

    @Test
    void shouldLetOldClientsJoinWithoutAnId() {
        assertThat(ConsumerRequests.flaw(joinRequest(""), OLD, ASSIGNORS)).isNull();
        assertThat(ConsumerRequests.flaw(beatRequest("", 1), OLD, ASSIGNORS))
                .isEqualTo(new Refusal(Errors.INVALID_REQUEST, "MemberId can't be empty."));
    }
}
