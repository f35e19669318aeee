package io.penstock.net.handler.admin;

import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers DeleteAcls as a Kafka broker without authorizer does: every filter is refused. Stateless. */
final class DeleteAclsHandler implements ApiHandler {

    @Override
    public ApiKeys api() {
        return ApiKeys.DELETE_ACLS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        DeleteAclsResponseData response = new DeleteAclsResponseData();
        request.data(DeleteAclsRequestData.class)
                .filters()
                .forEach(filter -> response.filterResults()
                        .add(new DeleteAclsFilterResult()
                                .setErrorCode(Errors.SECURITY_DISABLED.code())
                                .setErrorMessage("No Authorizer is configured.")));
        responder.send(response);
    }
}
