package io.penstock.net.handler.admin;

import io.penstock.core.BrokerKernel;
import io.penstock.core.ClusterAdmin;
import io.penstock.net.handler.HandlerSettings;
import io.penstock.net.handler.LogDirectory;
import io.penstock.net.server.ApiHandler;
import java.util.ArrayList;
import java.util.List;

/** Makes the handlers of this package. Stateless. */
public final class AdminHandlers {
    private AdminHandlers() {}

    /** One handler for each API. */
    public static List<ApiHandler> of(BrokerKernel kernel, HandlerSettings settings) {
        ClusterAdmin admin = kernel.admin();
        List<ApiHandler> handlers = new ArrayList<>(DelegationTokenHandler.all());
        handlers.addAll(List.of(
                new ElectLeadersHandler(admin),
                new AlterPartitionReassignmentsHandler(admin),
                new ListPartitionReassignmentsHandler(),
                new AlterReplicaLogDirsHandler(kernel, LogDirectory.name(settings.dataDirectory())),
                new DescribeProducersHandler(kernel),
                new WriteTxnMarkersHandler(kernel, System::currentTimeMillis),
                new DescribeQuorumHandler(kernel, System::currentTimeMillis),
                new UpdateFeaturesHandler(admin),
                new UnregisterBrokerHandler(kernel),
                new DescribeAclsHandler(),
                new CreateAclsHandler(),
                new DeleteAclsHandler()));
        return List.copyOf(handlers);
    }
}
