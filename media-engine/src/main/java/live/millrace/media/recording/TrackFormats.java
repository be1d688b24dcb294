// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the formats that each track of a recording had, in whichever process. Not thread-safe. */
final class TrackFormats {
    private final Map<String, RecordedTrack> newest = new HashMap<>();

    /** Takes in what an earlier process counted. */
    void addAll(List<RecordedTrack> tracks) {
        tracks.forEach(each -> newest.merge(each.name(), each, (a, b) -> a.format() > b.format() ? a : b));
    }

    /** The track with the number of its format: that of the one before it, when they are the same. */
    RecordedTrack numbered(RecordedTrack track) {
        RecordedTrack known = newest.get(track.name());
        if (known != null && isSame(known, track)) {
            return known;
        }
        RecordedTrack fresh = new RecordedTrack(
                track.name(),
                known == null ? 0 : known.format() + 1,
                track.codec(),
                track.timescale(),
                track.width(),
                track.height(),
                track.initialization());
        newest.put(track.name(), fresh);
        return fresh;
    }

    private static boolean isSame(RecordedTrack known, RecordedTrack now) {
        return now.initialization().equals(known.initialization())
                && now.codec().equals(known.codec());
    }
}
