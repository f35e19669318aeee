package io.penstock.net.handler.admin;

import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.message.CreateDelegationTokenResponseData;
import org.apache.kafka.common.message.DescribeDelegationTokenResponseData;
import org.apache.kafka.common.message.ExpireDelegationTokenResponseData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.SecurityUtils;

/**
 * Answers one of the APIs of delegation tokens. Tokens are given to clients that proved who they are by other means, which no client of
 * this release can do; Kafka answers the same on a plaintext listener. Stateless.
 */
final class DelegationTokenHandler implements ApiHandler {
    private static final short NOT_ALLOWED = Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.code();
    private static final long NEVER = -1;
    private static final short FIRST_WITH_REQUESTER = 3;

    private final ApiKeys api;
    private final Function<KafkaRequest, ApiMessage> refusal;

    private DelegationTokenHandler(ApiKeys api, Function<KafkaRequest, ApiMessage> refusal) {
        this.api = api;
        this.refusal = refusal;
    }

    static List<ApiHandler> all() {
        return List.of(
                new DelegationTokenHandler(ApiKeys.CREATE_DELEGATION_TOKEN, DelegationTokenHandler::notCreated),
                new DelegationTokenHandler(
                        ApiKeys.RENEW_DELEGATION_TOKEN,
                        request -> new RenewDelegationTokenResponseData()
                                .setErrorCode(NOT_ALLOWED)
                                .setExpiryTimestampMs(NEVER)),
                new DelegationTokenHandler(
                        ApiKeys.EXPIRE_DELEGATION_TOKEN,
                        request -> new ExpireDelegationTokenResponseData()
                                .setErrorCode(NOT_ALLOWED)
                                .setExpiryTimestampMs(NEVER)),
                new DelegationTokenHandler(
                        ApiKeys.DESCRIBE_DELEGATION_TOKEN,
                        request -> new DescribeDelegationTokenResponseData().setErrorCode(NOT_ALLOWED)));
    }

    private static ApiMessage notCreated(KafkaRequest request) {
        KafkaPrincipal principal =
                SecurityUtils.parseKafkaPrincipal(request.connection().principalName());
        CreateDelegationTokenResponseData response = new CreateDelegationTokenResponseData()
                .setErrorCode(NOT_ALLOWED)
                .setPrincipalType(principal.getPrincipalType())
                .setPrincipalName(principal.getName())
                .setIssueTimestampMs(NEVER)
                .setExpiryTimestampMs(NEVER)
                .setMaxTimestampMs(NEVER);
        return request.version() < FIRST_WITH_REQUESTER
                ? response
                : response.setTokenRequesterPrincipalType(principal.getPrincipalType())
                        .setTokenRequesterPrincipalName(principal.getName());
    }

    @Override
    public ApiKeys api() {
        return api;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        responder.send(refusal.apply(request));
    }
}
