package io.penstock.net.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.ApiRegistry;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ConsumerGroupHandlersTest {
    private final FakeKernel kernel = new FakeKernel();

    private CapturedResponder ask(ApiMessage request, HandlerSettings settings) {
        ApiKeys api = ApiKeys.forId(request.apiKey());
        ApiHandler handler = new ApiRegistry(Handlers.of(kernel, settings)).handler(api);
        CapturedResponder responder = new CapturedResponder();
        Objects.requireNonNull(handler).handle(Requests.of(request, api.latestVersion()), responder);
        return responder;
    }

    private static HandlerSettings withConsumerGroups(boolean areServed) {
        return new HandlerSettings(true, 100, 1024, 0, 1, areServed, true, 1, null);
    }

    @Test
    void shouldHandHeartbeatsToTheCoordinator() {
        // given
        ConsumerGroupHeartbeatRequestData request = new ConsumerGroupHeartbeatRequestData().setGroupId("g");
        kernel.groups.answers.add(new ConsumerGroupHeartbeatResponseData().setMemberEpoch(3));

        // when
        CapturedResponder responder = ask(request, withConsumerGroups(true));

        // then
        assertThat(responder
                        .response(ConsumerGroupHeartbeatResponseData.class, 1)
                        .memberEpoch())
                .isEqualTo(3);
        assertThat(kernel.groups.asked).contains(request);
    }

    @Test
    void shouldNotServeHeartbeatsWhenStartedWithoutConsumerGroups() {
        // when
        CapturedResponder responder = ask(new ConsumerGroupHeartbeatRequestData(), withConsumerGroups(false));

        // then
        assertThat(responder.response(ConsumerGroupHeartbeatResponseData.class, 1))
                .isEqualTo(new ConsumerGroupHeartbeatResponseData().setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
        assertThat(kernel.groups.asked).isEmpty();
    }

    @Test
    void shouldNotDescribeConsumerGroupsWhenStartedWithoutThem() {
        // given
        ConsumerGroupDescribeRequestData request =
                new ConsumerGroupDescribeRequestData().setGroupIds(List.of("a", "b"));

        // when
        CapturedResponder responder = ask(request, withConsumerGroups(false));

        // then
        assertThat(responder
                        .response(ConsumerGroupDescribeResponseData.class, 1)
                        .groups())
                .extracting(DescribedGroup::groupId, DescribedGroup::errorCode)
                .containsExactly(
                        tuple("a", Errors.UNSUPPORTED_VERSION.code()), tuple("b", Errors.UNSUPPORTED_VERSION.code()));
        assertThat(kernel.groups.asked).isEmpty();
    }
}
