package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.ScriptedHandler;
import io.penstock.net.fixture.ScriptedHandler.Call;
import io.penstock.net.fixture.TestListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AlarmExtension.class)
final class PipeliningIT {
    @Test
    void shouldAnswerInRequestOrderWhateverCompletesFirst() throws Exception {
        // given
        ScriptedHandler handler = ScriptedHandler.manual(ApiKeys.METADATA);
        try (TestListener listener = TestListener.start(handler);
                RawClient client = RawClient.connect(listener.port())) {
            List<Call> calls = new ArrayList<>();
            for (int id = 0; id < 50; id++) {
                client.send(ApiKeys.METADATA, id, new MetadataRequestData());
                calls.add(handler.take());
            }
            assertThat(calls).extracting(call -> call.request().correlationId()).isSorted();

            // when
            Collections.shuffle(calls, new Random(1));
            calls.forEach(call -> call.responder().send(new MetadataResponseData()));

            // then
            for (int id = 0; id < 50; id++) {
                assertThat(client.readCorrelationId()).isEqualTo(id);
            }
        }
    }
}
