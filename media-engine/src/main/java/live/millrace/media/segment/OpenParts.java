// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import live.millrace.media.bytes.Releasing;

/**
 * The parts of the segments that have not ended, of all tracks: references to what the cutters hold anyway, for listeners that come in
 * the middle of a segment. Confined to the stream's thread.
 */
final class OpenParts {
    private record Open(SegmentedTrack track, List<Part> parts) {}

    /** By the track's number, the leading one first. */
    private final Map<Integer, Open> open = new LinkedHashMap<>();

    /** Owns the part's content from here on. */
    void add(SegmentedTrack track, Part part) {
        Open now = open.get(track.track().id());
        if (now == null || now.parts().getFirst().mediaSequence() != part.mediaSequence()) {
            end(track); // of a segment that was never ended
            now = new Open(track, new ArrayList<>());
            open.put(track.track().id(), now);
        }
        now.parts().add(part);
    }

    /** The open segment of a track is whole. */
    void end(SegmentedTrack track) {
        Open ended = open.remove(track.track().id());
        if (ended != null) {
            Releasing.all(contents(ended));
        }
    }

    /** Lends all of them, track by track. */
    void forEach(BiConsumer<SegmentedTrack, Part> to) {
        for (Open each : open.values()) {
            for (Part part : each.parts()) {
                to.accept(each.track(), part);
            }
        }
    }

    void release() {
        List<ByteBuf> all = new ArrayList<>();
        open.values().forEach(each -> all.addAll(contents(each)));
        open.clear();
        Releasing.all(all);
    }

    private static List<ByteBuf> contents(Open open) {
        return open.parts().stream().map(Part::content).toList();
    }
}
