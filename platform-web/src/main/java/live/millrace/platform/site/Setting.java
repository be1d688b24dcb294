// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.site;

import java.util.List;

/**
 * What can be set in the web. Each has a type, bounds and a default; its texts are {@code setting.{key}} and {@code
 * setting.{key}.help}.
 */
public enum Setting {
    WHO_STREAMS("who-streams", "everyone", List.of("everyone", "streamers"), 0, 0, false),
    CHANNELS_PER_USER("channels-per-user", "0", List.of(), 0, 100, false),
    CHANNELS_PER_STAFF("channels-per-staff", "16", List.of(), 0, 100, false),
    MAINTENANCE("maintenance", "off", List.of("off", "on"), 0, 0, false),
    KEY_BLOCK_MINUTES("key-block-minutes", "10", List.of(), 1, 10_080, false),
    STRIKE_DAYS("strike-days", "90", List.of(), 1, 730, false),
    ADDRESS_DAYS("address-days", "30", List.of(), 1, 365, false),
    MESSAGE_DAYS("message-days", "0", List.of(), 0, 3_650, false),
    EVIDENCE_DAYS("evidence-days", "90", List.of(), 7, 730, false),
    GRACE_SECONDS("grace-seconds", "", List.of(), 0, 600, true),
    HLS_SEGMENTS("hls-segments", "", List.of(), 3, 60, true);

    private final String key;
    private final String otherwise;
    private final List<String> choices;
    private final int least;
    private final int most;
    private final boolean restart;

    Setting(String key, String otherwise, List<String> choices, int least, int most, boolean restart) {
        this.key = key;
        this.otherwise = otherwise;
        this.choices = choices;
        this.least = least;
        this.most = most;
        this.restart = restart;
    }

    public String key() {
        return key;
    }

    /** Its value where nobody set one; empty where a property of the process decides. */
    public String otherwise() {
        return otherwise;
    }

    /** What it can be; empty for a number. */
    public List<String> choices() {
        return choices;
    }

    public int least() {
        return least;
    }

    public int most() {
        return most;
    }

    /** Whether it takes effect at the next start only. */
    public boolean restart() {
        return restart;
    }

    /** Whether a value can be; empty goes back to what it is without being set. */
    public boolean allows(String value) {
        if (value.isEmpty()) {
            return true;
        }
        if (!choices.isEmpty()) {
            return choices.contains(value);
        }
        try {
            int number = Integer.parseInt(value);
            return number >= least && number <= most;
        } catch (NumberFormatException noNumber) {
            return false;
        }
    }
}
