// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import live.millrace.media.frame.Repair;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamState;
import live.millrace.media.hub.Subscriber;
import org.jspecify.annotations.Nullable;

/**
 * One broadcast in segments, cut once for all who want it: playlists, recordings, pictures for a preview. It begins to cut when the first
 * listener comes and stops when the last one leaves; then it costs nothing, and the next listener begins another cut, whose numbers go on
 * above those of the last. Whoever comes while it cuts gets the tracks and the parts of the open segments, and follows from there.
 *
 * <p>From any thread: {@link #live} and {@link #leave}. All else on the stream's thread.
 */
public final class SegmentedBroadcast {
    /** What brings frames to a segmenter. Used on the stream's thread. */
    public interface Feed {
        /** Hands on from the last random access point on. */
        void begin();

        /** Hands on nothing more. */
        void end();

        /** All that a stream has, as it comes. */
        static Feed of(LiveStream live, Subscriber segmenter) {
            return new Feed() {
                @Override
                public void begin() {
                    live.subscribe(segmenter);
                }

                @Override
                public void end() {
                    live.leave(segmenter);
                }
            };
        }
    }

    private final LiveStream live;
    private final SequenceNumbers numbers;
    private final FirstNumbers least;
    private final Consumer<Repair> repairs;
    private final BiFunction<FirstNumbers, SegmentListener, Segmenter> maker;
    private final Function<Subscriber, Feed> feeder;
    private @Nullable Cut cut;
    private @Nullable Feed feed;

    /**
     * Cuts nothing yet.
     *
     * @param numbers gives every cut its first numbers
     * @param least where they begin at least: for a broadcast that was cut in another process before
     * @param repairs told of each
     * @param feeder makes what brings the frames to a segmenter
     */
    SegmentedBroadcast(
            LiveStream live,
            SegmenterConfig config,
            SequenceNumbers numbers,
            FirstNumbers least,
            Consumer<Repair> repairs,
            Function<Subscriber, Feed> feeder) {
        this(
                live,
                numbers,
                least,
                repairs,
                (first, listener) -> new Segmenter(
                        config,
                        live::targetSeconds,
                        first.media(),
                        first.discontinuity(),
                        listener,
                        live::wallClock,
                        PooledByteBufAllocator.DEFAULT),
                feeder);
    }

    /**
     * With frames of another origin than the stream.
     *
     * @param maker makes a segmenter that cuts for a listener
     * @param feeder makes what brings the frames to a segmenter
     */
    SegmentedBroadcast(
            LiveStream live,
            SequenceNumbers numbers,
            FirstNumbers least,
            Consumer<Repair> repairs,
            BiFunction<FirstNumbers, SegmentListener, Segmenter> maker,
            Function<Subscriber, Feed> feeder) {
        this.live = live;
        this.numbers = numbers;
        this.least = least;
        this.repairs = repairs;
        this.maker = maker;
        this.feeder = feeder;
    }

    public LiveStream live() {
        return live;
    }

    /**
     * Adds a listener, and begins to cut from the last random access point on if it is the first. After the end it is told of the end
     * alone.
     */
    public void subscribe(SegmentListener listener) {
        if (live.state() == StreamState.ENDED) {
            listener.ended();
            return;
        }
        Cut going = cut;
        if (going != null && !going.isEnded()) {
            going.add(listener);
            return;
        }
        FirstNumbers first = numbers.next(least);
        Cut fresh = new Cut(live, numbers, repairs, to -> maker.apply(first, to), this::stop);
        cut = fresh;
        fresh.add(listener);
        Feed from = feeder.apply(fresh.segmenter());
        feed = from;
        from.begin();
    }

    /** Removes a listener, which hears no more; nothing is cut for nobody. From any thread. */
    public void leave(SegmentListener listener) {
        live.onOwner(() -> {
            Cut going = cut;
            if (going != null) {
                going.remove(listener);
            }
        });
    }

    private void stop(Cut unwanted) {
        Feed from = feed;
        cut = null;
        feed = null;
        if (from != null) {
            from.end();
        }
        // Behind it, when no frame comes any more.
        live.onOwner(unwanted::release);
    }

    /** Those who want it cut. */
    public int listeners() {
        Cut going = cut;
        return going == null ? 0 : going.listeners();
    }

    /** Of the next segment that begins; 0 while nothing is cut. */
    public long nextMediaSequence() {
        Cut going = cut;
        return going == null ? 0 : going.segmenter().nextMediaSequence();
    }

    /** Of a segment of the presentation, in units of 90 kHz; empty when it is not known, or long ago. */
    public OptionalLong duration(long mediaSequence) {
        Cut going = cut;
        return going == null ? OptionalLong.empty() : going.duration(mediaSequence);
    }

    /**
     * Ends the open segments at the next random access point, short as they may be, so that who waits for one to end can begin. Not
     * before: what follows would be of no use to anybody who begins there.
     */
    public void cutSoon() {
        Cut going = cut;
        if (going != null) {
            going.segmenter().cutSoon();
        }
    }

    /** Frames so far; they stand while nothing is cut. */
    public long frames() {
        Cut going = cut;
        return going == null ? 0 : going.segmenter().frames();
    }

    /** Ends the open segments with what there is: what follows is another run. */
    public void endRun() {
        Cut going = cut;
        if (going != null) {
            going.segmenter().endRun();
        }
    }
}
