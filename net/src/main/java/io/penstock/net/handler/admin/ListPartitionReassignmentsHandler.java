package io.penstock.net.handler.admin;

import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers ListPartitionReassignments: none, since every reassignment is done once it is accepted. Stateless. */
final class ListPartitionReassignmentsHandler implements ApiHandler {

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_PARTITION_REASSIGNMENTS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        responder.send(new ListPartitionReassignmentsResponseData().setErrorMessage(null));
    }
}
