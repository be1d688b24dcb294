// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.sound;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import live.millrace.media.child.ChildException;
import live.millrace.media.child.Children;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.hub.LiveStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The children of an engine that make sound of other sound, and the program that they are. Thread-safe.
 *
 * <p>A child costs 2 to 3 percent of a core and 28 MB.
 */
public final class Converters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Converters.class);

    /** A child begins within a second, on a busy machine within some. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Behind the last who listens: who loads a page again has sound at once. */
    private static final Duration LINGER = Duration.ofSeconds(30);

    /** A child that is killed is gone within some milliseconds. */
    private static final Duration GIVING_WAY = Duration.ofSeconds(2);

    private record Key(LiveStream stream, Recipe recipe) {}

    private final @Nullable Path program;
    private final Duration patience;
    private final Duration linger;
    private final Children children;
    private final Map<Key, SharedSound> sounds = new ConcurrentHashMap<>();

    /** Which nobody listens to, the first for the longest time. */
    private final Queue<Conversion> idle = new ConcurrentLinkedQueue<>();

    private volatile boolean closed;

    /** @param program FFmpeg; empty: no sound is made of other sound */
    public Converters(Optional<Path> program) {
        this(program, 2 * Runtime.getRuntime().availableProcessors(), PATIENCE, LINGER);
        if (program.isEmpty()) {
            LOG.info(
                    "No sound is made anew, because there is no FFmpeg: AAC is not heard over WebRTC, nor Opus by players that do not know it");
        }
    }

    /**
     * The same with bounds of their own.
     *
     * @param most children at a time
     * @param patience so long a child may take sound and make none
     * @param linger so long it goes on behind the last who listens
     */
    Converters(Optional<Path> program, int most, Duration patience, Duration linger) {
        this.program = program.orElse(null);
        this.children = Children.inTime(most);
        this.patience = patience;
        this.linger = linger;
    }

    /** None: there is no program. */
    public static Converters none() {
        return new Converters(Optional.empty(), 0, PATIENCE, LINGER);
    }

    /** Whether sound can be made of such. */
    boolean take(Recipe recipe, TrackFormat format) {
        return program != null && recipe.takes(format);
    }

    /** Whether there is a place for one more child, or one that gives way. */
    boolean hasPlace() {
        return children.hasPlace() || !idle.isEmpty();
    }

    Duration patience() {
        return patience;
    }

    Duration linger() {
        return linger;
    }

    /**
     * Somebody who may take a stream's default sound as it is made anew.
     *
     * @param taker given what was made, on the stream's thread; borrowed
     */
    public Listening listening(LiveStream stream, Recipe recipe, Consumer<MediaFrame> taker) {
        return new Listening(this, stream, recipe, taker);
    }

    /** Whether it is made by a child that there is. From any thread. */
    boolean makes(LiveStream stream, Recipe recipe) {
        SharedSound sound = sounds.get(new Key(stream, recipe));
        return sound != null && sound.isMade();
    }

    /** Lets somebody take what all others take as well. On the stream's thread. */
    SharedSound enter(LiveStream stream, Recipe recipe, Listening listener) {
        Key key = new Key(stream, recipe);
        SharedSound known = sounds.get(key);
        SharedSound sound = known == null ? new SharedSound(this, stream, recipe) : known;
        if (known == null) {
            sounds.put(key, sound);
        }
        sound.enter(listener);
        if (known == null) {
            sound.subscribe();
        }
        return sound;
    }

    void forget(SharedSound sound) {
        sounds.remove(new Key(sound.stream(), sound.recipe()), sound);
    }

    /** Nobody listens to a child any more: it gives way to another. */
    void idle(Conversion child) {
        idle.add(child);
        if (child.isOver()) { // a moment ago, and did not find itself here
            idle.remove(child);
        }
    }

    /** Somebody listens to a child again, or it is over; answers whether it was idle until now. */
    boolean busy(Conversion child) {
        return idle.remove(child);
    }

    /**
     * Starts a child; empty when there are too many, or it does not start. Blocks for a moment: not on an event loop.
     *
     * @throws InterruptedException if it is not wanted any more
     */
    Optional<Process> start(Recipe recipe) throws InterruptedException {
        Path found = program;
        if (found == null) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(List.of(found.toString()));
        command.addAll(recipe.work());
        try {
            Optional<Process> child = children.open(command, Duration.ZERO);
            Conversion givesWay = child.isEmpty() ? idle.poll() : null;
            if (givesWay != null) {
                givesWay.close();
                child = children.open(command, GIVING_WAY);
            }
            if (child.isEmpty() && !closed) {
                LOG.warn("A stream's sound is not made anew: as many programs as may work on sound do so already");
            }
            return child;
        } catch (ChildException e) {
            LOG.warn("A stream's sound is not made anew: {} failed: {}", found, e.getMessage());
            return Optional.empty();
        }
    }

    /** How many children there are. */
    public int running() {
        return children.running();
    }

    /** Kills them all. */
    @Override
    public void close() {
        closed = true;
        children.close();
    }
}
