// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.Repair;
import live.millrace.media.hub.LinkQuality;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.StreamState;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import org.jspecify.annotations.Nullable;

/** What the site is told of a stream, made of what the engine tells. */
final class LiveViews {
    private LiveViews() {}

    /** What the site shows of a stream as it is. */
    static LiveView of(StreamStatus status) {
        return of(status, status.state());
    }

    /** What the site shows of a stream that comes to a state. */
    static LiveView of(StreamStatus status, StreamState state) {
        return new LiveView(
                status.channel(),
                status.broadcastId(),
                switch (state) {
                    case PROBING -> LiveState.STARTING;
                    case LIVE -> LiveState.LIVE;
                    case RECONNECTING -> LiveState.RECONNECTING;
                    case ENDED -> LiveState.ENDED;
                },
                status.startedAt(),
                status.liveSince().orElse(null),
                status.video()
                        .map(video -> new LiveView.Video(
                                video.codec(),
                                video.width(),
                                video.height(),
                                video.picture().bitDepth(),
                                video.picture().chroma().displayName(),
                                video.picture().interlaced(),
                                video.inSegments()))
                        .orElse(null),
                status.audio()
                        .map(audio -> new LiveView.Audio(
                                audio.codec(), audio.sampleRate(), audio.channels(), audio.inSegments()))
                        .orElse(null),
                status.publisher()
                        .map(publisher -> new LiveView.Encoder(
                                publisher.encoder(),
                                publisher.remoteAddress().getAddress().getHostAddress()))
                        .orElse(null),
                status.publisher()
                        .flatMap(PublisherInfo::credentialId)
                        .map(Long::valueOf)
                        .orElse(null),
                status.statistics().bitrate(),
                status.statistics().frameRate(),
                status.statistics().keyFrameIntervalMillis(),
                status.statistics().maxKeyFrameIntervalMillis(),
                status.pictureIn().map(Duration::toMillis).orElse(null),
                status.viewers(),
                status.leftOut().stream()
                        .map(part ->
                                new LiveView.LeftOut(part.video(), part.what(), part.cause() == LeftOut.Cause.BROKEN))
                        .toList(),
                repairs(status),
                status.statistics().link().map(LiveViews::link).orElse(null));
    }

    private static LiveView.Link link(LinkQuality quality) {
        return new LiveView.Link(
                boxed(quality.roundTripMillis()),
                Math.round(quality.lostPercent() * 10) / 10.0,
                quality.retransmitted(),
                quality.dropped(),
                boxed(quality.bufferedMillis()));
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static Map<String, Long> repairs(StreamStatus status) {
        Map<String, Long> byName = new LinkedHashMap<>();
        for (Repair repair : Repair.values()) {
            long count = status.statistics().count(repair);
            if (count > 0) {
                byName.put(repair.name(), count);
            }
        }
        return byName;
    }
}
