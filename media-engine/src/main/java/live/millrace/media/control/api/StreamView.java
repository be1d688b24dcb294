// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.hub.LinkQuality;
import live.millrace.media.hub.StreamStatistics;
import org.jspecify.annotations.Nullable;

/** One stream in JSON. Times are ISO 8601, rates bits and pictures per second. */
record StreamView(
        String application,
        String channel,
        UUID broadcastId,
        String state,
        String startedAt,
        @Nullable String liveSince,
        int viewers,
        @Nullable UUID publisherSession,
        List<Map<String, Object>> tracks,
        long bitrate,
        double frameRate,
        long keyFrameIntervalMillis,
        long maxKeyFrameIntervalMillis,
        long frames,
        long bytes,
        Map<String, Long> repairs,
        List<Map<String, Object>> leftOut,
        @Nullable Link link) {
    /** How the publisher's packets come through. */
    record Link(
            @Nullable Long roundTripMillis,
            double lostPercent,
            long retransmitted,
            long dropped,
            @Nullable Long bufferedMillis) {
        static Link of(LinkQuality quality) {
            return new Link(
                    boxed(quality.roundTripMillis()),
                    Math.round(quality.lostPercent() * 10) / 10.0,
                    quality.retransmitted(),
                    quality.dropped(),
                    boxed(quality.bufferedMillis()));
        }

        private static @Nullable Long boxed(OptionalLong value) {
            return value.isPresent() ? value.getAsLong() : null;
        }
    }

    static StreamView of(StreamStatus status) {
        List<Map<String, Object>> tracks = new ArrayList<>();
        status.video().ifPresent(video -> {
            Map<String, Object> track = new LinkedHashMap<>();
            track.put("kind", "video");
            track.put("codec", video.codec());
            track.put("codecString", video.codecString());
            track.put("width", video.width());
            track.put("height", video.height());
            tracks.add(track);
        });
        status.audio().ifPresent(audio -> {
            Map<String, Object> track = new LinkedHashMap<>();
            track.put("kind", "audio");
            track.put("codec", audio.codec());
            track.put("codecString", audio.codecString());
            track.put("sampleRate", audio.sampleRate());
            track.put("channels", audio.channels());
            tracks.add(track);
        });
        StreamStatistics statistics = status.statistics();
        Map<String, Long> repairs = new LinkedHashMap<>();
        statistics.repairs().forEach((repair, count) -> repairs.put(repair.label(), count));
        return new StreamView(
                status.path().application(),
                status.path().name(),
                status.broadcastId(),
                status.state().name().toLowerCase(Locale.ROOT),
                status.startedAt().toString(),
                status.liveSince().map(Object::toString).orElse(null),
                status.viewers(),
                status.publisher().map(publisher -> publisher.sessionId()).orElse(null),
                tracks,
                statistics.bitrate(),
                statistics.frameRate(),
                statistics.keyFrameIntervalMillis(),
                statistics.maxKeyFrameIntervalMillis(),
                statistics.frames(),
                statistics.bytes(),
                repairs,
                status.leftOut().stream()
                        .map(part -> Map.<String, Object>of(
                                "kind", part.video() ? "video" : "audio",
                                "what", part.what(),
                                "cause", part.cause().name().toLowerCase(Locale.ROOT)))
                        .toList(),
                statistics.link().map(Link::of).orElse(null));
    }
}
