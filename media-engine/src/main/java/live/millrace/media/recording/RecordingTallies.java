// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.util.concurrent.atomic.LongAdder;

/**
 * What recording did since the start of the process.
 *
 * @param written bytes of parts
 * @param dropped parts that were not kept
 * @param failures how often the disk failed a recording
 */
public record RecordingTallies(LongAdder written, LongAdder dropped, LongAdder failures) {
    static RecordingTallies none() {
        return new RecordingTallies(new LongAdder(), new LongAdder(), new LongAdder());
    }
}
