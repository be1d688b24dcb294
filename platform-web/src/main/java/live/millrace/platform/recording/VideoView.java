// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.time.Instant;
import java.util.List;
import live.millrace.platform.channel.Visibility;
import org.jspecify.annotations.Nullable;

/**
 * A video as pages and programs see it.
 *
 * @param id its public name
 * @param broadcastId of the row of its broadcast; null when that is gone
 * @param startedAt the wall clock at its first picture
 * @param endedAt null while it is recorded
 * @param expiresAt when it goes by itself; null for never, or not yet known
 * @param pinned it is kept whatever the age
 * @param gaps what was not kept
 */
public record VideoView(
        String id,
        long channelId,
        String channel,
        @Nullable Long broadcastId,
        VideoState state,
        Visibility visibility,
        String title,
        String description,
        @Nullable Long categoryId,
        boolean mature,
        Instant startedAt,
        @Nullable Instant endedAt,
        long durationMillis,
        long bytes,
        long views,
        boolean pinned,
        @Nullable Instant expiresAt,
        List<Gap> gaps) {
    private static final long VERSIONS = 1_000_000_000;
    private static final long VERSION_FACTOR = 31;

    /**
     * A stretch that was not kept.
     *
     * @param atMillis where in the video; it takes no time of it
     * @param lostMillis how long it was
     * @param cause the engine's word: ENCODER, PROCESS, DISK, SLOW, PAUSED, DAMAGED
     */
    public record Gap(long atMillis, long lostMillis, String cause) {}

    public boolean recording() {
        return state == VideoState.RECORDING;
    }

    /** The path of its playlist below the folder of videos: another one when a trim changed it, because what was fetched by one is kept for a while. */
    public String playlist() {
        long version = Math.floorMod(startedAt.toEpochMilli() * VERSION_FACTOR + durationMillis, VERSIONS);
        return id + "/index.m3u8" + (recording() ? "" : "?v=" + version);
    }
}
