// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.dash.DashManifest;
import live.millrace.media.protocol.hls.MediaPlaylist;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.time.Timescale;

/**
 * The segments since the last break as a DASH manifest. Written for each request from what the playlists publish. On the stream's
 * thread.
 */
final class Manifests {
    /** So many segments of the leading track, and one that has none is not waited for. */
    private static final int ENOUGH = 2;

    private final HlsStream stream;
    private final List<TrackPlaylist> playlists;

    private Manifests(HlsStream stream, boolean soundAlone) {
        this.stream = stream;
        this.playlists = stream.tracks().stream()
                .filter(track -> !(soundAlone && track.track().isVideo()))
                .filter(track -> track.track().format().codec().playsFromSegments())
                .flatMap(track -> stream.renditions().current(track).stream())
                .toList();
    }

    /** Empty when there is no segment yet. */
    static Optional<DashManifest> of(HlsStream stream, boolean soundAlone, Instant now) {
        return new Manifests(stream, soundAlone).manifest(now);
    }

    private Optional<DashManifest> manifest(Instant now) {
        long run = run();
        List<Periods.Period> all = stream.periods().of(run);
        List<DashManifest.Period> periods = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Periods.Period period = all.get(i);
            // Tracks that are ahead of the leading one are so in the period that it begins.
            long end = i + 1 < all.size() ? all.get(i + 1).number() : Long.MAX_VALUE;
            Optional<DashManifest.Period> before =
                    period.connected() && !periods.isEmpty() ? Optional.of(periods.getLast()) : Optional.empty();
            List<DashManifest.AdaptationSet> sets = sets(period, end, before);
            if (!sets.isEmpty()) {
                periods.add(new DashManifest.Period(
                        period.id(), Duration.between(stream.periods().zero(), period.start()), sets));
            }
        }
        Duration target = Duration.ofSeconds(stream.targetDuration());
        return periods.isEmpty()
                ? Optional.empty()
                : Optional.of(new DashManifest(
                        stream.periods().zero(), now, target, target.multipliedBy(3), stream.isEnded(), periods));
    }

    /**
     * The discontinuity sequence number of what is shown: the newest, as soon as every track has something in it. A period's tracks do
     * not change while it lasts.
     */
    private long run() {
        long newest = -1;
        long before = -1;
        int segments = 0;
        for (TrackPlaylist playlist : playlists.stream().limit(1).toList()) {
            for (SegmentWindow.Listed each : playlist.window().listed()) {
                if (each.discontinuitySequence() != newest) {
                    before = newest;
                    newest = each.discontinuitySequence();
                    segments = 0;
                }
                segments++;
            }
        }
        long wanted = newest;
        boolean all = playlists.stream()
                .allMatch(playlist ->
                        playlist.window().listed().stream().anyMatch(each -> each.discontinuitySequence() == wanted));
        return all || segments >= ENOUGH || before < 0 ? newest : before;
    }

    private List<DashManifest.AdaptationSet> sets(
            Periods.Period period, long end, Optional<DashManifest.Period> before) {
        List<DashManifest.Representation> pictures = new ArrayList<>();
        List<DashManifest.Representation> sounds = new ArrayList<>();
        for (TrackPlaylist playlist : playlists) {
            if (!period.playlists().contains(playlist.name())) {
                continue;
            }
            List<SegmentWindow.Listed> own = segments(playlist, period, end);
            if (!own.isEmpty()) {
                (playlist.track().track().isVideo() ? pictures : sounds).add(representation(playlist, own, period));
            }
        }
        List<DashManifest.AdaptationSet> sets = new ArrayList<>();
        if (!pictures.isEmpty()) {
            sets.add(set(true, pictures, before));
        }
        if (!sounds.isEmpty()) {
            sets.add(set(false, sounds, before));
        }
        return sets;
    }

    /** §5.3.2.4: connected with the same tracks in the period before, if they were there. */
    private static DashManifest.AdaptationSet set(
            boolean video, List<DashManifest.Representation> representations, Optional<DashManifest.Period> before) {
        Optional<String> connected = before.filter(period -> period.sets().stream()
                        .anyMatch(each -> each.video() == video
                                && addresses(each.representations()).equals(addresses(representations))))
                .map(DashManifest.Period::id);
        return new DashManifest.AdaptationSet(video, connected, representations);
    }

    private static List<String> addresses(List<DashManifest.Representation> representations) {
        return representations.stream()
                .map(DashManifest.Representation::initialization)
                .toList();
    }

    /** The newest segments of a period without a gap between them. */
    private static List<SegmentWindow.Listed> segments(TrackPlaylist playlist, Periods.Period period, long end) {
        List<SegmentWindow.Listed> newest = new ArrayList<>();
        for (SegmentWindow.Listed listed :
                List.copyOf(playlist.window().listed()).reversed()) {
            if (listed.discontinuitySequence() > period.discontinuitySequence() || listed.mediaSequence() >= end) {
                continue;
            }
            if (listed.discontinuitySequence() < period.discontinuitySequence()
                    || listed.mediaSequence() < period.number()
                    || listed.source() == null) {
                break;
            }
            newest.addFirst(listed);
        }
        return newest;
    }

    /** Of the format that the segments have: the playlist's next ones may have another already. */
    private DashManifest.Representation representation(
            TrackPlaylist playlist, List<SegmentWindow.Listed> listed, Periods.Period period) {
        List<TrackSegment> sources = listed.stream()
                .flatMap(each -> Optional.ofNullable(each.source()).stream())
                .toList();
        Track track = sources.getFirst().track();
        String folder = stream.live().path().name() + "/" + stream.id() + "/" + playlist.name() + "/";
        Optional<int[]> size = track.format() instanceof TrackFormat.Video video
                ? Optional.of(new int[] {video.width(), video.height()})
                : Optional.empty();
        List<DashManifest.Segment> segments = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            long time = sources.get(i).baseDecodeTime();
            long duration = i + 1 < sources.size()
                    ? sources.get(i + 1).baseDecodeTime() - time // so that nothing is lost to rounding
                    : Timescale.convert(sources.get(i).duration(), Timescale.MPEG, track.timescale());
            segments.add(new DashManifest.Segment(time, duration));
        }
        MediaPlaylist.Entry first = listed.getFirst().entry();
        return new DashManifest.Representation(
                playlist.name(),
                track.format().codecString(),
                Math.max(playlist.window().peakBandwidth(), 1),
                size,
                track.format() instanceof TrackFormat.Audio audio ? audio.sampleRate() : 0,
                track.format() instanceof TrackFormat.Audio audio ? audio.channels() : 0,
                stream.live().path().name() + "/" + first.map().orElseThrow(),
                folder + "$Number$.m4s",
                track.timescale(),
                Timescale.convert(period.mediaMillis(), Timescale.MILLIS, track.timescale()),
                listed.getFirst().mediaSequence(),
                segments);
    }
}
