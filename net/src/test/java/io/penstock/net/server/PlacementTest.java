package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlacementTest {
    private final Placement placement = new Placement();

    @ParameterizedTest
    @EnumSource(names = {"PRODUCE", "FETCH"})
    void shouldAskWithTheFirstRequestForRecordsAndEvery1024thAfterIt(ApiKeys api) {
        // when
        List<Integer> due = IntStream.range(0, 3_000)
                .filter(request -> placement.isDue(api))
                .boxed()
                .toList();

        // then
        assertThat(due).containsExactly(0, 1024, 2048);
    }

    @Test
    void shouldCountBothDirectionsTogether() {
        // given
        placement.isDue(ApiKeys.PRODUCE);

        // when
        List<Integer> due = IntStream.range(1, 1_500)
                .filter(request -> placement.isDue(request % 2 == 0 ? ApiKeys.PRODUCE : ApiKeys.FETCH))
                .boxed()
                .toList();

        // then
        assertThat(due).containsExactly(1024);
    }

    @Test
    void shouldNeitherAskWithNorCountOtherRequests() {
        // given
        IntStream.range(0, 5_000)
                .forEach(
                        request -> assertThat(placement.isDue(ApiKeys.METADATA)).isFalse());

        // then
        assertThat(placement.isDue(ApiKeys.FETCH)).isTrue();
    }
}
