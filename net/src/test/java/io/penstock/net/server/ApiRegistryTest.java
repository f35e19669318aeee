package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.penstock.net.fixture.ScriptedHandler;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

final class ApiRegistryTest {
    @Test
    void shouldServeStableVersionsByDefault() {
        // given
        ApiRegistry registry = new ApiRegistry(List.of(ScriptedHandler.manual(ApiKeys.INIT_PRODUCER_ID)));

        // then
        assertThat(registry.isServed(ApiKeys.INIT_PRODUCER_ID, (short) 5)).isTrue();
        assertThat(registry.isServed(ApiKeys.INIT_PRODUCER_ID, (short) 6))
                .as("unstable in this release")
                .isFalse();
        assertThat(registry.isServed(ApiKeys.METADATA, (short) 1)).isFalse();
        assertThat(registry.handler(ApiKeys.METADATA)).isNull();
    }

    @Test
    void shouldServeTheNarrowerRangeOfHandler() {
        // given
        ApiRegistry registry = new ApiRegistry(List.of(new Narrow(new VersionRange((short) 1, (short) 4))));

        // then
        assertThat(registry.served()).containsEntry(ApiKeys.METADATA, new VersionRange((short) 1, (short) 4));
        assertThat(registry.isServed(ApiKeys.METADATA, (short) 0)).isFalse();
        assertThat(registry.isServed(ApiKeys.METADATA, (short) 5)).isFalse();
    }

    @Test
    void shouldRefuseVersionsThatTheCodecDoesNotHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ApiRegistry(List.of(new Narrow(new VersionRange((short) 0, (short) 99)))))
                .withMessageContaining("METADATA");
    }

    @Test
    void shouldRefuseTwoHandlersForOneApi() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ApiRegistry(
                        List.of(ScriptedHandler.manual(ApiKeys.FETCH), ScriptedHandler.manual(ApiKeys.FETCH))))
                .withMessageContaining("FETCH");
    }

    private record Narrow(VersionRange versions) implements ApiHandler {
        @Override
        public ApiKeys api() {
            return ApiKeys.METADATA;
        }

        @Override
        public void handle(KafkaRequest request, Responder responder) {
            responder.sendNothing();
        }
    }
}
