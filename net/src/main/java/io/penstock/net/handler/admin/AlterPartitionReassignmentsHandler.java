package io.penstock.net.handler.admin;

import io.penstock.core.ClusterAdmin;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers AlterPartitionReassignments. Stateless. */
final class AlterPartitionReassignmentsHandler implements ApiHandler {
    private final ClusterAdmin admin;

    AlterPartitionReassignmentsHandler(ClusterAdmin admin) {
        this.admin = admin;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Delegated.answer(
                admin.alterPartitionReassignments(request.data(AlterPartitionReassignmentsRequestData.class)),
                responder);
    }
}
