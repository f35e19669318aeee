package io.penstock.net.handler.group;

import io.penstock.core.BrokerKernel;
import io.penstock.core.GroupCoordinator;
import io.penstock.net.handler.HandlerSettings;
import io.penstock.net.server.ApiHandler;
import java.util.List;

/** Makes the handlers of all APIs about groups, FindCoordinator excepted, which transactions need too. Stateless. */
public final class GroupHandlers {
    private GroupHandlers() {}

    /** One handler for each API. */
    public static List<ApiHandler> of(BrokerKernel kernel, HandlerSettings settings) {
        ConsumerProtocol protocol = new ConsumerProtocol(kernel, settings.consumerGroups());
        StreamsProtocol streams = new StreamsProtocol(kernel, settings.streamsGroups());
        GroupCoordinator groups = kernel.groups();
        return List.of(
                new JoinGroupHandler(groups),
                new SyncGroupHandler(groups),
                new HeartbeatHandler(groups),
                new LeaveGroupHandler(groups),
                new OffsetCommitHandler(kernel),
                new TxnOffsetCommitHandler(kernel),
                new OffsetFetchHandler(kernel),
                new OffsetDeleteHandler(kernel),
                new ListGroupsHandler(groups),
                new DescribeGroupsHandler(groups),
                new DeleteGroupsHandler(groups),
                new ConsumerGroupHeartbeatHandler(protocol),
                new ConsumerGroupDescribeHandler(protocol),
                new StreamsGroupHeartbeatHandler(streams),
                new StreamsGroupDescribeHandler(streams));
    }
}
