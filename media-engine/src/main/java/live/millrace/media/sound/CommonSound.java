// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.sound;

import java.util.List;
import java.util.Optional;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.Subscriber;

/**
 * Stands between a stream and one who writes for players that know no new sound: where the stream's default sound is such, theirs is what is
 * made of it, and else it is left as it is. Pictures wait for none of it. Used on the stream's thread.
 */
public final class CommonSound implements Subscriber {
    private static final int NONE = -1;

    private final LiveStream stream;
    private final Subscriber behind;
    private final Listening listening;

    /** The track that another is made of. */
    private int source = NONE;

    private boolean left;

    /** Nothing is handed on yet. */
    public CommonSound(Converters converters, LiveStream stream, Subscriber behind) {
        this.stream = stream;
        this.behind = behind;
        this.listening = converters.listening(stream, Recipe.AAC, this::made);
    }

    /** Whether a stream's default sound is one that not every player knows, and can be made another now. From any thread. */
    public static boolean helps(Converters converters, LiveStream stream) {
        return stream.tracks().stream()
                        .anyMatch(track ->
                                track.isDefault() && !track.isVideo() && converters.take(Recipe.AAC, track.format()))
                && (converters.makes(stream, Recipe.AAC) || converters.hasPlace());
    }

    private void made(MediaFrame frame) {
        if (source != NONE) {
            behind.frame(frame);
        }
    }

    @Override
    public void tracks(List<Track> all) {
        if (left) {
            return;
        }
        Optional<Track> sound = all.stream()
                .filter(track -> track.isDefault() && !track.isVideo() && listening.takes(track.format()))
                .findFirst();
        if (sound.isEmpty()) {
            source = NONE;
            listening.end();
            behind.tracks(all);
            return;
        }
        source = sound.get().id();
        listening.begin();
        behind.tracks(all.stream()
                .map(track -> track.id() == source ? Recipe.AAC.track() : track)
                .toList());
    }

    @Override
    public void frame(MediaFrame frame) {
        if (!left && frame.track().id() != source) {
            behind.frame(frame);
        }
    }

    @Override
    public void paused() {
        behind.paused();
    }

    @Override
    public void ended() {
        listening.end();
        behind.ended();
    }

    @Override
    public boolean takes() {
        return behind.takes();
    }

    /** Hands on nothing more. */
    public void leave() {
        left = true; // what is under way already must begin nothing anew
        stream.leave(this);
        source = NONE;
        listening.end();
    }
}
