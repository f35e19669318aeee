package io.penstock.config;

import static io.penstock.config.setting.Importance.LOW;
import static io.penstock.config.setting.Rule.atLeast;

import io.penstock.config.setting.Setting;
import java.util.List;

/** Settings of the windows over which the use of quotas is measured. The quotas themselves are metadata, not settings. */
public final class QuotaSettings {

    public static final Setting<Integer> WINDOW_NUM = Setting.ofInt(
                    "quota.window.num",
                    11,
                    atLeast(1),
                    "Samples over which the rates of clients and of new connections are measured, the running one "
                            + "included.")
            .importance(LOW);

    public static final Setting<Integer> WINDOW_SIZE_SECONDS = Setting.ofInt(
                    "quota.window.size.seconds", 1, atLeast(1), "Seconds of one such sample.")
            .importance(LOW);

    public static final Setting<Integer> CONTROLLER_WINDOW_NUM = Setting.ofInt(
                    "controller.quota.window.num",
                    11,
                    atLeast(1),
                    "Samples over which changes of topics are measured: a client may save up what its quota gives "
                            + "in that time.")
            .importance(LOW);

    public static final Setting<Integer> CONTROLLER_WINDOW_SIZE_SECONDS = Setting.ofInt(
                    "controller.quota.window.size.seconds", 1, atLeast(1), "Seconds of one such sample.")
            .importance(LOW);

    static final List<Setting<?>> ALL =
            List.of(WINDOW_NUM, WINDOW_SIZE_SECONDS, CONTROLLER_WINDOW_NUM, CONTROLLER_WINDOW_SIZE_SECONDS);

    private QuotaSettings() {}
}
