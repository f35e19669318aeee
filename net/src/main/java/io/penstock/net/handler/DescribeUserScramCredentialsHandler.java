package io.penstock.net.handler;

import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.DescribeUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Answers DescribeUserScramCredentials for a broker that cannot have any, because it has no authentication yet: {@code kafka-configs}
 * asks for them whenever it is asked about users. Stateless.
 */
final class DescribeUserScramCredentialsHandler implements ApiHandler {
    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        List<UserName> users =
                request.data(DescribeUserScramCredentialsRequestData.class).users();
        Map<String, Integer> timesNamed = new LinkedHashMap<>();
        if (users != null) {
            users.forEach(user -> timesNamed.merge(user.name(), 1, Integer::sum));
        }
        DescribeUserScramCredentialsResponseData answer = new DescribeUserScramCredentialsResponseData();
        timesNamed.forEach((user, times) -> answer.results().add(result(user, times > 1)));
        responder.send(answer);
    }

    private static DescribeUserScramCredentialsResult result(String user, boolean isDuplicate) {
        DescribeUserScramCredentialsResult result = new DescribeUserScramCredentialsResult().setUser(user);
        return isDuplicate
                ? result.setErrorCode(Errors.DUPLICATE_RESOURCE.code())
                        .setErrorMessage(
                                "Cannot describe SCRAM credentials for the same user twice in a single request: "
                                        + user)
                : result.setErrorCode(Errors.RESOURCE_NOT_FOUND.code())
                        .setErrorMessage("Attempt to describe a user credential that does not exist: " + user);
    }
}
