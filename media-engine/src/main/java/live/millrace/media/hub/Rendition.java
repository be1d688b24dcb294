// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import org.jspecify.annotations.Nullable;

/**
 * A part of a stream's media that does not come from its publisher but is made of what the stream sends: the rung of a ladder. Its
 * frames carry the decode times of the frames that they are made of, and go out at these. Its tracks join the stream's beside the
 * publisher's, never as a default, each with its next random access point: at the beginning, after the publisher has returned, after
 * the stream's clock has started anew. Its end takes its tracks away and never ends the stream.
 *
 * <p>Used on the stream's thread alone ({@link LiveStream#onOwner}), and not from inside a {@link Subscriber}'s call. What comes after its end, or the stream's, is dropped.
 */
public final class Rendition implements FrameSink {
    /** A track as the stream knows it, by another id than here. */
    private static final class Joined {
        final Track track;
        long lastTime = Long.MIN_VALUE;

        Joined(Track track) {
            this.track = track;
        }
    }

    private final IncomingMedia media;

    /** By the ids that its tracks have here. */
    private final Map<Integer, Joined> joined = new HashMap<>();

    private final CutBudget joins = new CutBudget();
    private boolean ended;

    Rendition(IncomingMedia media) {
        this.media = media;
    }

    /** Takes note of a changed format: it joins anew, with its first frame. */
    @Override
    public void track(Track track) {
        Joined known = joined.get(track.id());
        if (known != null && !known.track.format().equals(track.format())) {
            joined.remove(track.id());
            media.renditions().part(List.of(known.track));
        }
    }

    @Override
    public void frame(MediaFrame frame) {
        if (ended) {
            return;
        }
        track(frame.track());
        Joined to = joined.get(frame.track().id());
        if (to == null) {
            to = frame.randomAccessPoint() ? join(frame.track()) : null;
        }
        if (to != null && frame.decodeTime() > to.lastTime) {
            to.lastTime = frame.decodeTime();
            media.contributed(new MediaFrame(
                    to.track,
                    frame.decodeTime(),
                    frame.compositionTimeOffset(),
                    frame.randomAccessPoint(),
                    frame.payload()));
        }
    }

    private @Nullable Joined join(Track own) {
        Track place = media.renditions().join(own.format(), joins);
        if (place == null) {
            return null;
        }
        Joined fresh = new Joined(place);
        joined.put(own.id(), fresh);
        return fresh;
    }

    /** It has nothing more. Idempotent. */
    public void end() {
        if (!ended) {
            ended = true;
            media.renditions().ended(this);
        }
    }

    // ---- what the stream says of them -------------------------------------------------------------------------

    Collection<Track> tracks() {
        return joined.values().stream().map(each -> each.track).toList();
    }

    boolean holds(int id) {
        return joined.values().stream().anyMatch(each -> each.track.id() == id);
    }

    /** The publisher has a track of this id himself. */
    void give(int id) {
        joined.values().removeIf(each -> each.track.id() == id);
    }

    /** Its tracks are the stream's no longer. */
    void parted() {
        joined.clear();
    }
}
