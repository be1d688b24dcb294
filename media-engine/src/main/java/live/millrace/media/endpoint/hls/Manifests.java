// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import live.millrace.media.frame.Track;
import live.millrace.media.frame.TrackFormat;
import live.millrace.media.protocol.dash.DashManifest;
import live.millrace.media.protocol.hls.MediaPlaylist;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.time.Timescale;

/**
 * The segments of the newest period as a DASH manifest: those since the last break. Written for each request from what the playlists
 * publish. On the stream's thread.
 */
final class Manifests {
    private Manifests() {}

    /** Empty when the period has no segment yet. */
    static Optional<DashManifest> of(HlsStream stream, boolean soundAlone, Instant now) {
        List<DashManifest.Representation> pictures = new ArrayList<>();
        List<DashManifest.Representation> sounds = new ArrayList<>();
        long periodMillis = Long.MAX_VALUE;
        List<TrackPlaylist> playlists = stream.tracks().stream()
                .filter(track -> !(soundAlone && track.track().isVideo()))
                .filter(track -> !(track.track().format() instanceof TrackFormat.Mp3))
                .flatMap(track -> stream.playlist(track).stream())
                .toList();
        for (TrackPlaylist playlist : playlists) {
            List<TrackSegment> period = period(playlist);
            if (!period.isEmpty()) {
                TrackSegment first = period.getFirst();
                periodMillis = Math.min(
                        periodMillis,
                        Timescale.convert(first.baseDecodeTime(), first.track().timescale(), Timescale.MILLIS));
            }
        }
        if (periodMillis == Long.MAX_VALUE) {
            return Optional.empty();
        }
        long runStart = stream.periodMillis(periodMillis);
        for (TrackPlaylist playlist : playlists) {
            List<TrackSegment> period = period(playlist);
            if (!period.isEmpty()) {
                (playlist.track().track().isVideo() ? pictures : sounds)
                        .add(representation(stream, playlist, period, runStart));
            }
        }
        List<DashManifest.AdaptationSet> sets = new ArrayList<>();
        if (!pictures.isEmpty()) {
            sets.add(new DashManifest.AdaptationSet(true, pictures));
        }
        if (!sounds.isEmpty()) {
            sets.add(new DashManifest.AdaptationSet(false, sounds));
        }
        Duration target = Duration.ofSeconds(stream.targetDuration());
        return Optional.of(new DashManifest(
                stream.live().wallClock(0),
                now,
                "p" + runStart,
                Duration.ofMillis(runStart),
                target,
                target.multipliedBy(3),
                stream.isEnded(),
                sets));
    }

    private static DashManifest.Representation representation(
            HlsStream stream, TrackPlaylist playlist, List<TrackSegment> period, long runStart) {
        Track track = playlist.track().track();
        String folder = stream.live().path() + "/" + stream.live().broadcastId() + "/" + playlist.name() + "/";
        Optional<int[]> size = track.format() instanceof TrackFormat.Video video
                ? Optional.of(new int[] {video.width(), video.height()})
                : Optional.empty();
        List<DashManifest.Segment> segments = new ArrayList<>();
        for (int i = 0; i < period.size(); i++) {
            long time = period.get(i).baseDecodeTime();
            long duration = i + 1 < period.size()
                    ? period.get(i + 1).baseDecodeTime() - time // so that nothing is lost to rounding
                    : Timescale.convert(period.get(i).duration(), Timescale.MPEG, track.timescale());
            segments.add(new DashManifest.Segment(time, duration));
        }
        return new DashManifest.Representation(
                playlist.name(),
                track.format().codecString(),
                Math.max(playlist.window().peakBandwidth(), 1),
                size,
                track.format() instanceof TrackFormat.Audio audio ? audio.sampleRate() : 0,
                track.format() instanceof TrackFormat.Audio audio ? audio.channels() : 0,
                folder + stream.initializationName(playlist.track()) + ".mp4",
                folder + "$Number$.m4s",
                track.timescale(),
                Timescale.convert(runStart, Timescale.MILLIS, track.timescale()),
                period.getFirst().mediaSequence(),
                segments);
    }

    /** The newest segments without a break or a gap between them. */
    private static List<TrackSegment> period(TrackPlaylist playlist) {
        List<TrackSegment> newest = new ArrayList<>();
        for (SegmentWindow.Listed listed :
                List.copyOf(playlist.window().listed()).reversed()) {
            MediaPlaylist.Entry entry = listed.entry();
            if (entry.gap() || listed.source() == null) {
                break;
            }
            newest.addFirst(listed.source());
            if (entry.discontinuity()) {
                break;
            }
        }
        return newest;
    }
}
