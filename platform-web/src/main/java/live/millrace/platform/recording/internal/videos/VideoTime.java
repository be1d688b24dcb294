// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.videos;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.VideoView.Gap;

/** The wall clock and the time of a video: they run alike, but for stretches that are missing, which take no time of the video. */
public final class VideoTime {
    private VideoTime() {}

    private static List<Gap> gaps(VideoView video) {
        return video.gaps().stream()
                .sorted(Comparator.comparingLong(Gap::atMillis))
                .toList();
    }

    /** Where in a video a moment is; one that is missing is where it would have been. */
    public static long media(VideoView video, Instant at) {
        long wall = Duration.between(video.startedAt(), at).toMillis();
        long lost = 0;
        for (Gap gap : gaps(video)) {
            long begins = gap.atMillis() + lost;
            if (wall <= begins) {
                break;
            }
            if (wall < begins + gap.lostMillis()) {
                return gap.atMillis();
            }
            lost += gap.lostMillis();
        }
        return Math.max(0, wall - lost);
    }

    /** What the clock said at a place in a video: behind a stretch that is missing there. */
    public static Instant wall(VideoView video, long atMillis) {
        long lost = gaps(video).stream()
                .filter(gap -> gap.atMillis() <= atMillis)
                .mapToLong(Gap::lostMillis)
                .sum();
        return video.startedAt().plusMillis(atMillis + lost);
    }
}
