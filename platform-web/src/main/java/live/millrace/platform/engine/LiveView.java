// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A live stream at a moment.
 *
 * @param startedAt when its first publisher came
 * @param liveSince when it could first be played
 * @param keyId of the key that publishes; null while nobody does
 * @param bitrate bits per second
 * @param keyIntervalMillis between the last two key frames; 0 while unknown
 * @param repairs what the engine mended or dropped in this broadcast, by kind; no entry means never
 */
public record LiveView(
        String channel,
        UUID broadcastId,
        LiveState state,
        Instant startedAt,
        @Nullable Instant liveSince,
        @Nullable Video video,
        @Nullable Audio audio,
        @Nullable Encoder encoder,
        @Nullable Long keyId,
        long bitrate,
        double frameRate,
        long keyIntervalMillis,
        long maxKeyIntervalMillis,
        int viewers,
        Map<String, Long> repairs) {

    public record Video(String codec, int width, int height) {}

    /** @param inBrowsers pages can play it */
    public record Audio(String codec, int sampleRate, int channels, boolean inBrowsers) {}

    /** The peer that publishes, its address as it is. */
    public record Encoder(String name, String remote) {}

    /** The name of the sound's codec, if no browser plays it. */
    public @Nullable String unheard() {
        return audio == null || audio.inBrowsers() ? null : audio.codec();
    }

    public boolean audioOnly() {
        return video == null && audio != null;
    }
}
