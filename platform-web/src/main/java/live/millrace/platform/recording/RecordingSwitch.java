// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.util.Optional;

/** Whether one broadcast is kept, whatever its channel's rule is: the one that runs, else the one that comes next. Thread-safe. */
public interface RecordingSwitch {
    boolean kept(long channelId);

    /** The video that a channel's broadcast is being recorded as now; empty while nothing is. */
    Optional<String> running(String channel);

    /** Begins or stops at once in what runs; what was kept before that stays. */
    void keep(long channelId, boolean kept);
}
