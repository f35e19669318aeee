package io.penstock.core.group.assignor;

import java.util.Arrays;

/** Divides an amount so that who has the least gets the most, like water that is poured onto steps. Stateless. */
final class WaterLevel {
    private WaterLevel() {}

    /**
     * Pours an amount onto levels. Afterwards all who got something are on the same level, or one above it, and all others are not below.
     *
     * @param levels by seat; not changed
     * @param amount 0 or more
     * @param before what seats have had of it: one that is over, being less than the seats to share it, rather stays where it was
     * @return shares by seat; they add up to the amount
     */
    static int[] pour(int[] levels, int amount, int[] before) {
        int[] sorted = levels.clone();
        Arrays.sort(sorted);
        long sum = sorted[0];
        int wet = 1;
        while (wet < sorted.length && (long) sorted[wet] * wet - sum < amount) {
            sum += sorted[wet++];
        }
        int level = (int) ((amount + sum) / wet);
        int[] shares = new int[levels.length];
        for (int seat = 0; seat < levels.length; seat++) {
            shares[seat] = Math.max(0, level - levels[seat]);
        }
        giveRest(levels, level, (int) ((amount + sum) % wet), shares, before);
        return shares;
    }

    private static void giveRest(int[] levels, int level, int rest, int[] shares, int[] before) {
        int left = rest;
        for (int seat = 0; left > 0 && seat < levels.length; seat++) {
            if (levels[seat] <= level && before[seat] > shares[seat]) {
                shares[seat]++;
                left--;
            }
        }
        for (int seat = 0; left > 0 && seat < levels.length; seat++) {
            if (levels[seat] + shares[seat] == level) {
                shares[seat]++;
                left--;
            }
        }
    }
}
