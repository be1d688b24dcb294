// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.Channels;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Videos for whoever watches them: of those that somebody may not see there are none. Thread-safe. */
@Component
public class WatchedVideos {
    private final Videos videos;
    private final Channels channels;
    private final VideoAccess access;

    WatchedVideos(Videos videos, Channels channels, VideoAccess access) {
        this.videos = videos;
        this.channels = channels;
        this.access = access;
    }

    /**
     * A video that somebody may see.
     *
     * @param watcher null for whoever is not signed in
     */
    public Optional<VideoView> find(String id, @Nullable AccountPrincipal watcher) {
        return videos.find(id)
                .filter(video -> channels.find(video.channelId())
                        .filter(channel -> access.look(video, channel, watcher))
                        .isPresent());
    }
}
