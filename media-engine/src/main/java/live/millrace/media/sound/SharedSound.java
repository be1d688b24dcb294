// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.sound;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.Subscriber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The default sound of one stream, made anew once for all who take it, from the first to some time behind the last: who loads a page again
 * has sound at once. Confined to the stream's thread.
 */
final class SharedSound implements Subscriber {
    private static final Logger LOG = LoggerFactory.getLogger(SharedSound.class);

    private static final int NONE = -1;

    private final Converters converters;
    private final LiveStream stream;
    private final Recipe recipe;
    private final ConvertedSound sound;
    private final List<Listening> listeners = new ArrayList<>();

    /** The track that it is made of. */
    private int source = NONE;

    private boolean replaying;

    /** How often somebody came to nobody, or the last one left: a timer of a turn before means nothing. */
    private int turns;

    private boolean over;

    /** Nobody listens yet. */
    SharedSound(Converters converters, LiveStream stream, Recipe recipe) {
        this.converters = converters;
        this.stream = stream;
        this.recipe = recipe;
        this.sound = new ConvertedSound(converters, recipe, stream::onOwner, this::made);
    }

    LiveStream stream() {
        return stream;
    }

    Recipe recipe() {
        return recipe;
    }

    /** Follows the stream from now on. */
    void subscribe() {
        // What is past comes all at once: it would be heard behind the pictures for ever.
        replaying = true;
        stream.subscribe(this);
        replaying = false;
    }

    /** Whether nothing is made any more. */
    boolean isOver() {
        return over;
    }

    boolean isMade() {
        return sound.isMade();
    }

    void enter(Listening listener) {
        if (listeners.isEmpty()) {
            turns++;
            sound.wanted(true);
        }
        listeners.add(listener);
    }

    void leave(Listening listener) {
        if (listeners.remove(listener) && listeners.isEmpty() && !over) {
            int turn = ++turns;
            sound.wanted(false);
            try {
                stream.owner()
                        .schedule(
                                () -> stream.onOwner(() -> closeIfStill(turn)),
                                converters.linger().toMillis(),
                                TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException down) {
                close();
            }
        }
    }

    private void closeIfStill(int turn) {
        if (turn == turns) {
            close();
        }
    }

    private void close() {
        if (!over) {
            over = true;
            stream.leave(this);
            sound.close();
            converters.forget(this);
        }
    }

    /** Hands on what was made, to each behind a bulkhead: one that fails hears no more, and the others go on. */
    void made(MediaFrame frame) {
        for (Listening each : List.copyOf(listeners)) {
            try {
                each.made(frame);
            } catch (RuntimeException e) {
                LOG.error("Somebody who takes the sound of {} failed and hears no more", stream.path(), e);
                leave(each);
            }
        }
    }

    @Override
    public void tracks(List<Track> all) {
        source = NONE;
        for (Track track : all) {
            if (track.isDefault() && !track.isVideo() && recipe.takes(track.format())) {
                sound.follow(track);
                source = track.id();
            }
        }
        if (source == NONE) {
            sound.stop();
        }
    }

    @Override
    public void frame(MediaFrame frame) {
        if (frame.track().id() == source && !replaying) {
            sound.frame(frame);
        }
    }

    @Override
    public void paused() {
        sound.stop();
    }

    @Override
    public void ended() {
        close();
    }

    /** Those who listen take the stream; a child that waits for the next one keeps nothing on. */
    @Override
    public boolean takes() {
        return false;
    }
}
