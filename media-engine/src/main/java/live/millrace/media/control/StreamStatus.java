// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import live.millrace.media.codec.PictureFormat;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamState;
import live.millrace.media.hub.StreamStatistics;

/**
 * One live stream as it is at a moment.
 *
 * @param startedAt when the first publisher of the broadcast came
 * @param liveSince when it could first be played
 * @param publisher empty while the stream waits for one
 * @param pictureIn how long a new viewer waits for a picture; zero when it is not known, empty when there is one at once
 * @param viewers by the rule of the endpoints, 30 seconds wide
 * @param leftOut what the publisher sends and nobody gets
 */
public record StreamStatus(
        StreamPath path,
        UUID broadcastId,
        StreamState state,
        Instant startedAt,
        Optional<Instant> liveSince,
        Optional<Video> video,
        Optional<Audio> audio,
        Optional<PublisherInfo> publisher,
        StreamStatistics statistics,
        Optional<Duration> pictureIn,
        int viewers,
        List<LeftOut> leftOut) {

    /** @param inSegments players take it out of HLS's and DASH's segments, and browsers with them */
    public record Video(
            String codec, String codecString, int width, int height, PictureFormat picture, boolean inSegments) {}

    /** @param inSegments HLS and DASH carry it, and with them browsers */
    public record Audio(String codec, String codecString, int sampleRate, int channels, boolean inSegments) {}

    /** It has sound and no picture. False while nothing is known. */
    public boolean audioOnly() {
        return video.isEmpty() && audio.isPresent();
    }

    /** Its name, which on a site is its channel's. */
    public String channel() {
        return path.name();
    }

    static StreamStatus of(LiveStream stream, int viewers) {
        Optional<Video> video = Optional.empty();
        Optional<Audio> audio = Optional.empty();
        for (var track : stream.tracks()) {
            if (!track.isDefault()) {
                continue; // another rendition of the same
            }
            switch (track.format()) {
                case TrackFormat.Video format ->
                    video = Optional.of(new Video(
                            format.codec().displayName(),
                            format.codecString(),
                            format.width(),
                            format.height(),
                            format.picture(),
                            format.codec().playsFromSegments()));
                case TrackFormat.Audio format ->
                    audio = Optional.of(new Audio(
                            format.codec().displayName(),
                            format.codecString(),
                            format.sampleRate(),
                            format.channels(),
                            format.codec().inSegments()));
            }
        }
        return new StreamStatus(
                stream.path(),
                stream.broadcastId(),
                stream.state(),
                stream.startedAt(),
                stream.liveSince(),
                video,
                audio,
                stream.publisher(),
                stream.statistics(),
                stream.pictureIn(),
                viewers,
                stream.leftOut());
    }
}
