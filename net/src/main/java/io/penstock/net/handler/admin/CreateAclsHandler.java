package io.penstock.net.handler.admin;

import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers CreateAcls as a Kafka broker without authorizer does: every entry is refused. Stateless. */
final class CreateAclsHandler implements ApiHandler {

    @Override
    public ApiKeys api() {
        return ApiKeys.CREATE_ACLS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        CreateAclsResponseData response = new CreateAclsResponseData();
        request.data(CreateAclsRequestData.class)
                .creations()
                .forEach(creation -> response.results()
                        .add(new AclCreationResult()
                                .setErrorCode(Errors.SECURITY_DISABLED.code())
                                .setErrorMessage("No Authorizer is configured.")));
        responder.send(response);
    }
}
