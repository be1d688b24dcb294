// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.Track;
import org.jspecify.annotations.Nullable;

/** What is contributed to a stream beside its publisher, and the places of its tracks. Confined to the stream's thread. */
final class Renditions {
    private final IncomingMedia media;
    private final List<Rendition> all = new ArrayList<>();

    Renditions(IncomingMedia media) {
        this.media = media;
    }

    /** @throws IllegalStateException if there are more than tracks of a stream */
    Rendition add() {
        if (all.size() >= 2 * Track.MAX_OF_KIND) {
            throw new IllegalStateException("more renditions than a stream has tracks");
        }
        Rendition rendition = new Rendition(media);
        all.add(rendition);
        return rendition;
    }

    /** Whether a track of the stream is one of theirs. */
    boolean hold(int id) {
        return all.stream().anyMatch(rendition -> rendition.holds(id));
    }

    /**
     * Announces another track beside the publisher's; null while there is no place for it.
     *
     * @param budget how often players can bear it, beside the publisher's own changes
     */
    @Nullable
    Track join(TrackFormat format, CutBudget budget) {
        int id = media.runs() ? place(format) : 0;
        if (id == 0 || !budget.take(System.nanoTime())) {
            return null;
        }
        Track joined = new Track(id, format);
        List<Track> more = new ArrayList<>(media.tracks());
        more.add(joined);
        more.sort(Comparator.comparingInt(Track::id));
        media.announce(more);
        return joined;
    }

    /** The highest that is free, since the publisher's own are the low ones; 0 if there is none. */
    private int place(TrackFormat format) {
        for (int index = Track.MAX_OF_KIND - 1; index > 0; index--) {
            int id = format instanceof TrackFormat.Video ? Track.video(index) : Track.audio(index);
            if (media.tracks().stream().noneMatch(track -> track.id() == id)) {
                return id;
            }
        }
        return 0;
    }

    /** Takes tracks away that had joined. */
    void part(Collection<Track> gone) {
        List<Track> rest =
                media.tracks().stream().filter(track -> !gone.contains(track)).toList();
        if (rest.size() < media.tracks().size()) {
            media.announce(rest);
        }
    }

    void ended(Rendition rendition) {
        if (all.remove(rendition)) {
            part(rendition.tracks());
            rendition.parted();
        }
    }

    /** The publisher has a track of this id himself. */
    void give(int id) {
        all.forEach(rendition -> rendition.give(id));
    }

    /** The stream goes on without their tracks, until each joins anew. */
    void parted() {
        all.forEach(Rendition::parted);
    }

    /** The stream is over. */
    void clear() {
        parted();
        all.clear();
    }
}
