// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import live.millrace.platform.channel.ChannelView;

/** A clip in lists. */
public record ClipCard(ClipView clip, ChannelView channel) {
    /** As a clock shows it. */
    public String length() {
        return VideoCard.clock(clip.durationMillis());
    }

    /** Where in its video it begins, in seconds. */
    public long second() {
        return clip.fromMillis() / 1_000;
    }
}
