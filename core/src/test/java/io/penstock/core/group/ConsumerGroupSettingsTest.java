package io.penstock.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.ConsumerGroupSettings.Bound;
import io.penstock.core.group.ConsumerGroupSettings.Bounds;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsumerGroupSettingsTest {
    private static final ConsumerGroupSettings BROKER = new ConsumerGroupSettings(
            45_000,
            5_000,
            10,
            List.of("uniform"),
            MigrationPolicy.UPGRADE,
            1_000,
            600_000,
            new Bounds(new Bound(30_000, 60_000), new Bound(2_000, 15_000), new Bound(100, 15_000)));

    private static List<Integer> times(Map<String, String> overrides) {
        ConsumerGroupSettings group = BROKER.with(overrides);
        return List.of(group.sessionTimeoutMs(), group.heartbeatIntervalMs(), group.assignmentIntervalMs());
    }

    private static Map<String, String> all(String session, String heartbeat, String assignment) {
        return Map.of(
                ConsumerGroupSettings.SESSION_TIMEOUT_KEY, session,
                ConsumerGroupSettings.HEARTBEAT_INTERVAL_KEY, heartbeat,
                ConsumerGroupSettings.ASSIGNMENT_INTERVAL_KEY, assignment);
    }

    @Test
    void shouldTakeTheGroupsOwnValuesWithinTheBounds() {
        assertThat(times(all("30000", "15000", "100"))).containsExactly(30_000, 15_000, 100);
    }

    @Test
    void shouldTakeTheNearestValueBeyondTheBounds() {
        assertThat(times(all("29999", "1999", "99"))).containsExactly(30_000, 2_000, 100);
        assertThat(times(all("60001", "15001", "15001"))).containsExactly(60_000, 15_000, 15_000);
    }

    @Test
    void shouldTakeTheBrokersWhereTheGroupHasNoneOrNoNumber() {
        assertThat(times(Map.of())).containsExactly(45_000, 5_000, 1_000);
        assertThat(times(all("soon", "-1", ""))).containsExactly(45_000, 5_000, 1_000);
    }

    @Test
    void shouldLeaveEverythingElseToTheBroker() {
        // when
        ConsumerGroupSettings group = BROKER.with(all("50000", "6000", "7000"));

        // then
        assertThat(group.maxMembers()).isEqualTo(10);
        assertThat(group.assignors()).containsExactly("uniform");
        assertThat(group.migrationPolicy()).isEqualTo(MigrationPolicy.UPGRADE);
        assertThat(group.bounds()).isEqualTo(BROKER.bounds());
    }
}
