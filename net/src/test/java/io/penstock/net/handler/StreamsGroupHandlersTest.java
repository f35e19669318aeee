package io.penstock.net.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.core.group.StreamsCaller;
import io.penstock.core.metadata.MetadataRecord.FeatureLevelSet;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.ApiRegistry;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class StreamsGroupHandlersTest {
    private static final int UNASKED_OPERATIONS = Integer.MIN_VALUE;

    private final FakeKernel kernel = new FakeKernel();

    private CapturedResponder ask(ApiMessage request, boolean areServed) {
        ApiKeys api = ApiKeys.forId(request.apiKey());
        HandlerSettings settings = new HandlerSettings(true, 100, 1024, 0, 1, true, areServed, 1, null);
        ApiHandler handler = new ApiRegistry(Handlers.of(kernel, settings)).handler(api);
        CapturedResponder responder = new CapturedResponder();
        Objects.requireNonNull(handler).handle(Requests.of(request, api.latestVersion()), responder);
        return responder;
    }

    private List<DescribedGroup> describe(boolean areOperationsAsked, boolean areServed) {
        return ask(
                        new StreamsGroupDescribeRequestData()
                                .setGroupIds(List.of("a", "b"))
                                .setIncludeAuthorizedOperations(areOperationsAsked),
                        areServed)
                .response(StreamsGroupDescribeResponseData.class, 0)
                .groups();
    }

    @Test
    void shouldHandHeartbeatsToTheCoordinator() {
        // given
        StreamsGroupHeartbeatRequestData request = new StreamsGroupHeartbeatRequestData().setGroupId("g");
        kernel.groups.answers.add(
                new StreamsGroupHeartbeatResponseData().setMemberEpoch(3).setStatus(List.of()));

        // when
        CapturedResponder responder = ask(request, true);

        // then
        assertThat(responder
                        .response(StreamsGroupHeartbeatResponseData.class, 0)
                        .memberEpoch())
                .isEqualTo(3);
        assertThat(kernel.groups.asked)
                .contains(request)
                .anySatisfy(asked -> assertThat(asked)
                        .isInstanceOf(StreamsCaller.class)
                        .extracting("clientHost")
                        .asString()
                        .startsWith("/"));
    }

    @Test
    void shouldDescribeGroupsWithOperationsOnlyIfAskedFor() {
        // given
        List<DescribedGroup> groups = List.of(
                new DescribedGroup().setGroupId("a"),
                new DescribedGroup().setGroupId("b").setErrorCode(Errors.GROUP_ID_NOT_FOUND.code()));
        kernel.groups.answers.add(groups);
        kernel.groups.answers.add(groups);

        // when, then
        assertThat(describe(false, true))
                .extracting(DescribedGroup::authorizedOperations)
                .containsExactly(UNASKED_OPERATIONS, UNASKED_OPERATIONS);
        assertThat(describe(true, true))
                .extracting(DescribedGroup::groupId, group -> group.authorizedOperations() != UNASKED_OPERATIONS)
                .containsExactly(tuple("a", true), tuple("b", false));
    }

    @Test
    void shouldServeNothingWhenStartedWithoutStreamsGroups() {
        assertRefused(false);
    }

    @Test
    void shouldServeNothingWhereTheFeatureIsLowered() {
        kernel.cluster.replay(new FeatureLevelSet("streams.version", (short) 0));
        assertRefused(true);
    }

    private void assertRefused(boolean areConfigured) {
        assertThat(ask(new StreamsGroupHeartbeatRequestData(), areConfigured)
                        .response(StreamsGroupHeartbeatResponseData.class, 0)
                        .errorCode())
                .isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        assertThat(describe(true, areConfigured))
                .extracting(DescribedGroup::groupId, DescribedGroup::errorCode)
                .containsExactly(
                        tuple("a", Errors.UNSUPPORTED_VERSION.code()), tuple("b", Errors.UNSUPPORTED_VERSION.code()));
        assertThat(kernel.groups.asked).isEmpty();
    }
}
