// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
 * @param pictureInMillis how long a new viewer waits for a picture; 0 when it is not known, null when there is one at once
 * @param leftOut what the encoder sends and nobody gets
 * @param repairs what the engine mended or dropped in this broadcast, by kind; no entry means never
 * @param link how the encoder's packets come through; null where none can be lost
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
        @Nullable Long pictureInMillis,
        int viewers,
        List<LeftOut> leftOut,
        Map<String, Long> repairs,
        @Nullable Link link) {

    /**
     * The default picture.
     *
     * @param chroma how often colour is sampled, as people write it: {@code 4:2:0}
     * @param interlaced made of fields, or may be
     * @param inBrowsers pages can show it, if their browser decodes it
     */
    public record Video(
            String codec, int width, int height, int bitDepth, String chroma, boolean interlaced, boolean inBrowsers) {}

    /** @param inBrowsers pages can play it */
    public record Audio(String codec, int sampleRate, int channels, boolean inBrowsers) {}

    /**
     * A part that is left out while the rest plays.
     *
     * @param video a picture; else sound
     * @param what its codec, or what is wrong with it in the engine's words
     * @param broken its bytes are not what they say they are; else its codec is not carried
     */
    public record LeftOut(boolean video, String what, boolean broken) {}

    /**
     * How packets come through that may be lost on the way.
     *
     * @param roundTripMillis null where nobody measures it
     * @param lostPercent of the last ten seconds, with one decimal
     * @param retransmitted packets that came because they were asked for
     * @param dropped packets that came too late or not at all
     * @param bufferedMillis how much media waits for what is missing; null where nobody knows
     */
    public record Link(
            @Nullable Long roundTripMillis,
            double lostPercent,
            long retransmitted,
            long dropped,
            @Nullable Long bufferedMillis) {}

    /** The peer that publishes, its address as it is. */
    public record Encoder(String name, String remote) {}

    /** The name of the picture's codec, if no page can show it. */
    public @Nullable String unseen() {
        return video == null || video.inBrowsers() ? null : video.codec();
    }

    /** The name of the sound's codec, if no browser plays it. */
    public @Nullable String unheard() {
        return audio == null || audio.inBrowsers() ? null : audio.codec();
    }

    /** The names of its codecs, if no page can play any of them; empty while nothing is known of it. */
    public List<String> unplayable() {
        List<String> blamed = new ArrayList<>();
        if (video != null) {
            blamed.add(video.codec());
        }
        if (audio != null) {
            blamed.add(audio.codec());
        }
        boolean seen = video != null && video.inBrowsers();
        boolean heard = audio != null && audio.inBrowsers();
        return seen || heard ? List.of() : List.copyOf(blamed);
    }

    /** Nobody sends it with a key: the engine fetches it. */
    public boolean fetched() {
        return encoder != null && keyId == null;
    }

    public boolean audioOnly() {
        return video == null && audio != null;
    }
}
