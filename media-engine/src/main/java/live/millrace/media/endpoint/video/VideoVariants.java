// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import live.millrace.media.container.mp4.SampleEntryReader;
import live.millrace.media.protocol.hls.MultivariantPlaylist;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;

/** Writes the multivariant playlist of a recording: each picture with each sound, or the sound alone. */
final class VideoVariants {
    private final Recording recording;
    private final Map<String, TrackList> lists;
    private final Function<String, OptionalDouble> frameRates;
    private final String base;
    private final String query;

    /**
     * For one request.
     *
     * @param lists of the tracks that have segments, pictures first
     * @param frameRates of tracks of pictures
     * @param base what leads from the playlist's address to the folder of the recording
     * @param query what children inherit, with its question mark; may be empty
     */
    VideoVariants(
            Recording recording,
            Map<String, TrackList> lists,
            Function<String, OptionalDouble> frameRates,
            String base,
            String query) {
        this.recording = recording;
        this.lists = lists;
        this.frameRates = frameRates;
        this.base = base;
        this.query = query;
    }

    MultivariantPlaylist playlist(boolean soundAlone) {
        List<String> sounds =
                lists.keySet().stream().filter(name -> name.startsWith("a")).toList();
        List<String> pictures = soundAlone
                ? List.of()
                : lists.keySet().stream().filter(name -> name.startsWith("v")).toList();
        List<MultivariantPlaylist.Variant> variants = new ArrayList<>();
        if (pictures.isEmpty()) {
            for (String sound : sounds) {
                variants.add(variant(sound, codecs(sound), 0, 0, OptionalDouble.empty()));
            }
            return new MultivariantPlaylist(List.of(), variants);
        }
        long soundPeak = sounds.stream()
                .mapToLong(sound -> list(sound).peakBandwidth())
                .max()
                .orElse(0);
        long soundAverage = sounds.stream()
                .mapToLong(sound -> list(sound).averageBandwidth())
                .max()
                .orElse(0);
        for (String picture : pictures) {
            List<String> codecs = new ArrayList<>(codecs(picture));
            sounds.stream().flatMap(sound -> codecs(sound).stream()).distinct().forEach(codecs::add);
            variants.add(variant(picture, codecs, soundPeak, soundAverage, frameRates.apply(picture)));
        }
        List<MultivariantPlaylist.Rendition> renditions = new ArrayList<>();
        for (String sound : sounds) {
            renditions.add(new MultivariantPlaylist.Rendition(
                    uri(sound),
                    "Audio " + (renditions.size() + 1),
                    SampleEntryReader.channels(formats(sound).getLast().initialization())));
        }
        return new MultivariantPlaylist(renditions, variants);
    }

    private MultivariantPlaylist.Variant variant(
            String track, List<String> codecs, long morePeak, long moreAverage, OptionalDouble frameRate) {
        return new MultivariantPlaylist.Variant(
                uri(track),
                list(track).peakBandwidth() + morePeak,
                list(track).averageBandwidth() + moreAverage,
                codecs,
                formats(track).stream()
                        .filter(format -> format.width() > 0)
                        .max(Comparator.comparingInt(RecordedTrack::height))
                        .map(format -> format.width() + "x" + format.height()),
                frameRate);
    }

    private TrackList list(String track) {
        return Optional.ofNullable(lists.get(track)).orElseThrow();
    }

    private String uri(String track) {
        return base + track + ".m3u8" + query;
    }

    private List<RecordedTrack> formats(String track) {
        return recording.tracks().stream()
                .filter(each -> each.name().equals(track))
                .sorted(Comparator.comparingInt(RecordedTrack::format))
                .toList();
    }

    /** Of all its formats (RFC 8216 §4.3.4.2). */
    private List<String> codecs(String track) {
        return formats(track).stream().map(RecordedTrack::codec).distinct().toList();
    }
}
