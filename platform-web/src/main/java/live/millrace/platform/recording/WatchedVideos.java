// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.Channels;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Videos for whoever watches them: of those that somebody may not see there are none. Thread-safe. */
@Component
public class WatchedVideos {
    private final ObjectProvider<Videos> videos;
    private final Channels channels;

    WatchedVideos(ObjectProvider<Videos> videos, Channels channels) {
        this.videos = videos;
        this.channels = channels;
    }

    /**
     * A video that somebody may see.
     *
     * @param watcher null for whoever is not signed in
     */
    public Optional<VideoView> find(String id, @Nullable AccountPrincipal watcher) {
        return Optional.ofNullable(videos.getIfAvailable())
                .flatMap(all -> all.find(id))
                .filter(video -> video.visibility() != Visibility.PRIVATE || runs(video, watcher));
    }

    private boolean runs(VideoView video, @Nullable AccountPrincipal watcher) {
        return watcher != null
                && channels.find(video.channelId())
                        .filter(channel -> channel.accountId() == watcher.accountId())
                        .isPresent();
    }
}
