// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.Track;
import org.jspecify.annotations.Nullable;

/** The newest configuration of each codec of each track of one kind: a stray tag of another codec takes nothing from the good one. */
final class TrackTable {
    private final List<Map<CodecEntry, Track>> tracks = new ArrayList<>(Track.MAX_OF_KIND);
    private final FrameSink sink;

    TrackTable(FrameSink sink) {
        this.sink = sink;
        for (int i = 0; i < Track.MAX_OF_KIND; i++) {
            tracks.add(new HashMap<>(4));
        }
    }

    @Nullable
    Track find(int index, CodecEntry codec) {
        return tracks.get(index).get(codec);
    }

    /** Tells of a format that is new; one that is known says nothing. */
    Track announce(int index, TrackFormat format) {
        Map<CodecEntry, Track> known = tracks.get(index);
        Track current = known.get(format.codec());
        if (current == null || !format.continues(current.format())) {
            int id = format instanceof TrackFormat.Video ? Track.video(index) : Track.audio(index);
            current = new Track(id, format);
            known.put(format.codec(), current);
            sink.track(current);
        }
        return current;
    }
}
