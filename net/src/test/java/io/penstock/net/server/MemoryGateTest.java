package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class MemoryGateTest {
    private final MemoryGate gate = new MemoryGate(100);
    private final AtomicInteger wakes = new AtomicInteger();

    @Test
    void shouldBeOpenBelowTheLimit() {
        gate.add(99);
        assertThat(gate.isOpen()).isTrue();
        gate.add(1);
        assertThat(gate.isOpen()).isFalse();
    }

    @Test
    void shouldWakeWaitersOnceWhenItOpens() {
        // given
        gate.add(150);
        gate.awaitOpen(wakes::incrementAndGet);
        gate.add(-10);
        assertThat(wakes).hasValue(0);

        // when
        gate.add(-50);
        gate.add(-50);

        // then
        assertThat(wakes).hasValue(1);
    }

    @Test
    void shouldWakeWaiterAtOnceIfItIsOpenAlready() {
        // when
        gate.awaitOpen(wakes::incrementAndGet);

        // then
        assertThat(wakes).hasValue(1);
    }
}
