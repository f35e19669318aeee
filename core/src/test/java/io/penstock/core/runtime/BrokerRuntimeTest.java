package io.penstock.core.runtime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.BrokerKernel;
import io.penstock.core.BrokerState;
import io.penstock.core.api.Broker;
import io.penstock.core.api.BrokerOptions;
import io.penstock.core.metadata.TopicImage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokerRuntimeTest {
    private Vertx vertx;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    @Test
    void shouldServeATopicAsSoonAsItsCreationIsAnswered() throws Exception {
        // given
        Broker broker = await(Broker.create(vertx, BrokerOptions.inMemory()).start());
        BrokerKernel kernel = broker.kernel();

        // when
        CreatableTopicResult created = await(kernel.admin().autoCreateTopic("orders"));

        // then
        assertThat(Errors.forCode(created.errorCode())).isEqualTo(Errors.NONE);
        TopicImage topic = requireNonNull(kernel.metadata().topic("orders"));
        assertThat(topic.id()).isEqualTo(created.topicId());
        await(broker.stop());
        assertThat(broker.state()).isEqualTo(BrokerState.STOPPED);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
