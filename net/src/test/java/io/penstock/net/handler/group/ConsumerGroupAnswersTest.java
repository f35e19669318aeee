package io.penstock.net.handler.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.ConsumerCaller;
import io.penstock.core.metadata.MetadataRecord.FeatureLevelSet;
import io.penstock.net.handler.AuthorizedOperations;
import io.penstock.net.handler.CapturedResponder;
import io.penstock.net.handler.FakeKernel;
import io.penstock.net.handler.HandlerSettings;
import io.penstock.net.handler.Requests;
import io.penstock.net.server.ApiHandler;
import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ConsumerGroupAnswersTest {
    private static final int UNASKED_OPERATIONS = Integer.MIN_VALUE;

    private final FakeKernel kernel = new FakeKernel();

    private CapturedResponder ask(ApiMessage request, int version) {
        ApiKeys api = ApiKeys.forId(request.apiKey());
        ApiHandler handler = GroupHandlers.of(kernel, HandlerSettings.DEFAULT).stream()
                .filter(one -> one.api() == api)
                .findFirst()
                .orElseThrow();
        CapturedResponder responder = new CapturedResponder();
        handler.handle(Requests.of(request, version), responder);
        return responder;
    }

    private Errors heartbeatError() {
        ConsumerGroupHeartbeatResponseData answer =
                ask(heartbeat(), 1).response(ConsumerGroupHeartbeatResponseData.class, 1);
        return Errors.forCode(answer.errorCode());
    }

    private static ConsumerGroupHeartbeatRequestData heartbeat() {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId("g")
                .setMemberId("m")
                .setMemberEpoch(3);
    }

    private static ConsumerGroupDescribeRequestData describe(boolean areOperationsAsked) {
        return new ConsumerGroupDescribeRequestData()
                .setGroupIds(List.of("g", "nix"))
                .setIncludeAuthorizedOperations(areOperationsAsked);
    }

    private List<DescribedGroup> described(boolean areOperationsAsked) {
        kernel.groups.answers.add(List.of(
                new DescribedGroup().setGroupId("g"),
                new DescribedGroup().setGroupId("nix").setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())));
        return ask(describe(areOperationsAsked), 1)
                .response(ConsumerGroupDescribeResponseData.class, 1)
                .groups();
    }

    // ---- heartbeats

    @Test
    void shouldHandAHeartbeatOnWithItsCaller() {
        for (int version = 0; version <= 1; version++) {
            // given
            ConsumerGroupHeartbeatResponseData expected =
                    new ConsumerGroupHeartbeatResponseData().setMemberId("m").setMemberEpoch(4);
            kernel.groups.answers.add(expected);
            kernel.groups.asked.clear();

            // when
            CapturedResponder responder = ask(heartbeat(), version);

            // then
            assertThat(responder.response(ConsumerGroupHeartbeatResponseData.class, version))
                    .isEqualTo(expected);
            assertThat(kernel.groups.asked)
                    .containsExactly(new ConsumerCaller("test", "/127.0.0.1", version == 1), heartbeat());
        }
    }

    @Test
    void shouldReportAFailureOfTheCoordinatorAsABug() {
        // given
        IllegalStateException bug = new IllegalStateException("out of order");
        kernel.groups.answers.add(bug);

        // when
        CapturedResponder responder = ask(heartbeat(), 1);

        // then
        assertThat(responder.bug()).isSameAs(bug);
    }

    // ---- descriptions

    @Test
    void shouldTellOperationsOfGroupsThatExistOnlyWhenAsked() {
        assertThat(described(true))
                .extracting(DescribedGroup::authorizedOperations)
                .containsExactly(AuthorizedOperations.GROUP, UNASKED_OPERATIONS);
        assertThat(described(false))
                .extracting(DescribedGroup::authorizedOperations)
                .containsExactly(UNASKED_OPERATIONS, UNASKED_OPERATIONS);
    }

    @Test
    void shouldAskForAllGroupsAtOnce() {
        // when
        described(false);

        // then
        assertThat(kernel.groups.lastAsked(Object.class)).isEqualTo(List.of("g", "nix"));
    }

    // ---- not in force

    @Test
    void shouldRefuseBothWhereTheFeatureIsLowered() {
        // given
        kernel.cluster.replay(new FeatureLevelSet("group.version", (short) 0));

        // when, then
        assertRefused();
    }

    private void assertRefused() {
        assertThat(heartbeatError()).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(ask(describe(true), 0)
                        .response(ConsumerGroupDescribeResponseData.class, 0)
                        .groups())
                .allSatisfy(
                        group -> assertThat(Errors.forCode(group.errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION))
                .extracting(DescribedGroup::groupId)
                .containsExactly("g", "nix");
        assertThat(kernel.groups.asked).isEmpty();
    }
}
