// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.hls.MultivariantPlaylist;

/** Writes the multivariant playlists of a stream. */
final class Variants {
    private final HlsStream stream;
    private final String base;
    private final String query;

    /**
     * For one request.
     *
     * @param base what leads from the playlist's address to the folder of the stream's application
     * @param query what children inherit, with its question mark; may be empty
     */
    Variants(HlsStream stream, String base, String query) {
        this.stream = stream;
        this.base = base;
        this.query = query;
    }

    /** What plays best in most players: CMAF, but for MP3, which no browser takes from an MP4. */
    MultivariantPlaylist best(boolean soundAlone) {
        boolean mp3 = stream.transports().carried(soundAlone).stream()
                .anyMatch(track -> !track.format().codec().playsFromSegments());
        return mp3 && stream.transports().playlist(soundAlone).isPresent() ? transport(soundAlone) : cmaf(soundAlone);
    }

    /** A variant for each video track, with the audio tracks as its renditions; or the sound as the only variants. */
    MultivariantPlaylist cmaf(boolean soundAlone) {
        List<TrackPlaylist> sounds = playlists(false);
        List<TrackPlaylist> pictures = soundAlone ? List.of() : playlists(true);
        List<MultivariantPlaylist.Variant> variants = new ArrayList<>();
        if (pictures.isEmpty()) {
            for (TrackPlaylist sound : sounds) {
                variants.add(new MultivariantPlaylist.Variant(
                        uri(sound),
                        peak(sound),
                        sound.window().averageBandwidth(),
                        List.of(codec(sound)),
                        Optional.empty(),
                        OptionalDouble.empty()));
            }
            return new MultivariantPlaylist(List.of(), variants);
        }
        long soundPeak = sounds.stream().mapToLong(this::peak).max().orElse(0);
        long soundAverage = sounds.stream()
                .mapToLong(sound -> sound.window().averageBandwidth())
                .max()
                .orElse(0);
        for (TrackPlaylist picture : pictures) {
            List<String> codecs = new ArrayList<>(List.of(codec(picture)));
            sounds.stream().map(Variants::codec).distinct().forEach(codecs::add);
            variants.add(new MultivariantPlaylist.Variant(
                    uri(picture),
                    peak(picture) + soundPeak,
                    picture.window().averageBandwidth() + soundAverage,
                    codecs,
                    resolution(picture.track().track()),
                    frameRate(picture.track().track())));
        }
        List<MultivariantPlaylist.Rendition> renditions = new ArrayList<>();
        for (TrackPlaylist sound : sounds) {
            TrackFormat.Audio format = (TrackFormat.Audio) sound.track().track().format();
            renditions.add(new MultivariantPlaylist.Rendition(
                    uri(sound), "Audio " + (sound.track().track().index() + 1), format.channels()));
        }
        return new MultivariantPlaylist(renditions, variants);
    }

    /** One variant: everything that a transport stream carries. */
    MultivariantPlaylist transport(boolean soundAlone) {
        List<Track> carried = stream.transports().carried(soundAlone);
        TransportPlaylist playlist = stream.transports().playlist(soundAlone).orElseThrow();
        Optional<Track> picture = carried.stream().filter(Track::isVideo).findFirst();
        String separator = query.isEmpty() ? "?" : "&";
        return new MultivariantPlaylist(
                List.of(),
                List.of(new MultivariantPlaylist.Variant(
                        base + stream.live().path().name() + ".ts.m3u8" + query
                                + (soundAlone ? separator + "audio=only" : ""),
                        Math.max(playlist.window().peakBandwidth(), liveRate()),
                        playlist.window().averageBandwidth(),
                        carried.stream()
                                .map(track -> track.format().codecString())
                                .toList(),
                        picture.flatMap(Variants::resolution),
                        picture.map(Variants::frameRate).orElse(OptionalDouble.empty()))));
    }

    private List<TrackPlaylist> playlists(boolean video) {
        return stream.tracks().stream()
                .filter(track -> track.track().isVideo() == video)
                .filter(track -> track.track().format().codec().playsFromSegments())
                .flatMap(track -> stream.renditions().current(track).stream())
                .filter(playlist -> playlist.reload().version() != null)
                .toList();
    }

    private String uri(TrackPlaylist playlist) {
        return base + stream.live().path().name() + "/" + playlist.name() + ".m3u8" + query;
    }

    /** Until a segment was measured, what comes in is the best guess for the default picture. */
    private long peak(TrackPlaylist playlist) {
        long measured = playlist.window().peakBandwidth();
        return playlist.track().track().id() == Track.VIDEO ? Math.max(measured, liveRate()) : measured;
    }

    private long liveRate() {
        return stream.live().lastBitrate();
    }

    private static String codec(TrackPlaylist playlist) {
        return playlist.track().track().format().codecString();
    }

    private static Optional<String> resolution(Track track) {
        return track.format() instanceof TrackFormat.Video video
                ? Optional.of(video.width() + "x" + video.height())
                : Optional.empty();
    }

    private static OptionalDouble frameRate(Track track) {
        return track.format() instanceof TrackFormat.Video video ? video.frameRate() : OptionalDouble.empty();
    }
}
