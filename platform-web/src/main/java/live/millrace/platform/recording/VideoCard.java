// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.time.Duration;
import java.util.Locale;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.shared.ByteSizes;
import org.jspecify.annotations.Nullable;

/**
 * A video in lists.
 *
 * @param picture the address of a picture of it; null where there is none, or not everybody may see it at once
 * @param activity null once its broadcast is over
 */
public record VideoCard(
        VideoView video,
        ChannelView channel,
        @Nullable String picture,
        @Nullable Activity activity) {
    /** What happens to one whose broadcast is not over. */
    public enum Activity {
        RUNNING,
        /** Its encoder left a moment ago and may come back; if it does not, this is all of it. */
        AWAY,
        PAUSED
    }

    /** What to call it. */
    public String title() {
        return video.title().isBlank() ? channel.displayName() : video.title();
    }

    /** What it takes, in units that people read. */
    public String size() {
        return ByteSizes.text(video.bytes());
    }

    /** As a clock shows it. */
    public String length() {
        return clock(video.durationMillis());
    }

    /** Of some media time: {@code 1:02:03}, {@code 2:03}. */
    public static String clock(long millis) {
        Duration length = Duration.ofMillis(millis);
        return length.toHours() > 0
                ? String.format(
                        Locale.ROOT, "%d:%02d:%02d", length.toHours(), length.toMinutesPart(), length.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", length.toMinutes(), length.toSecondsPart());
    }
}
