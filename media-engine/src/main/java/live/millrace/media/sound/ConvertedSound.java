// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.sound;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * The sound of one stream, made anew by one child: stereo of 48 kHz on the stream's clock. A child that does not keep up, or has ended, costs
 * sound, is killed, and followed by another after a while. Used on the stream's thread.
 */
final class ConvertedSound implements AutoCloseable {
    /** Stamps of a transport stream go round after 26 hours: another child begins before that. */
    private static final long LONGEST_MILLIS = TimeUnit.HOURS.toMillis(20);

    /** A clock that jumps is another child's. */
    private static final long JUMP_MILLIS = 2_000;

    /** In samples: 30 ms. */
    private static final long JITTER = 1_440;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Converters converters;
    private final Recipe recipe;
    private final Track made;
    private final Executor owner;
    private final Consumer<MediaFrame> taker;

    private @Nullable Track source;
    private volatile @Nullable Conversion child;
    private boolean wanted = true;
    private boolean closed;

    // Lifetime of a child.
    private long beginMillis;
    private long lastMillis;
    private boolean heard;

    /** When something was made, or the child begun. */
    private long madeAt;

    /** Where the next frame is due, in samples. */
    private long next;

    private long pauseNanos = FIRST_PAUSE_NANOS;
    private long failedAt = System.nanoTime() - LONGEST_PAUSE_NANOS;

    /**
     * Nothing is made yet.
     *
     * @param owner the stream's thread
     * @param taker given what was made, on that thread; borrowed
     */
    ConvertedSound(Converters converters, Recipe recipe, Executor owner, Consumer<MediaFrame> taker) {
        this.converters = converters;
        this.recipe = recipe;
        this.made = recipe.track();
        this.owner = owner;
        this.taker = taker;
    }

    /** Whether there is a child for it. */
    boolean isMade() {
        Conversion at = child;
        return at != null && !at.isOver();
    }

    /** Whether somebody takes it: where nobody does, its child gives way to another stream's, and is followed by none. */
    void wanted(boolean now) {
        wanted = now;
        Conversion at = child;
        if (at == null) {
            return;
        }
        if (!now) {
            converters.idle(at);
        } else if (!converters.busy(at)) {
            stop(); // it has given way
        }
    }

    /** What the next frames are of. */
    void follow(Track track) {
        if (!track.equals(source)) {
            stop();
        }
        source = track;
    }

    /** Takes a frame, borrowed: something is made of it soon, or nothing. */
    void frame(MediaFrame frame) {
        Track of = source;
        if (closed || of == null) {
            return;
        }
        long millis = Timescale.convert(frame.decodeTime(), of.timescale(), Timescale.MILLIS);
        Conversion at = child;
        if (at != null
                && (millis < lastMillis
                        || millis - lastMillis > JUMP_MILLIS
                        || millis - beginMillis > LONGEST_MILLIS)) {
            stop();
            at = null;
        }
        lastMillis = millis;
        if (at != null
                && (at.isOver()
                        || System.nanoTime() - madeAt > converters.patience().toNanos())) {
            failed();
            at = null;
        }
        if (at == null) {
            if (!wanted || System.nanoTime() - failedAt < pauseNanos) {
                return;
            }
            at = begin(of, millis);
        }
        ByteBuf out = Unpooled.buffer(frame.payload().readableBytes() + 64);
        at.input()
                .frame(
                        frame.at(frame.decodeTime()
                                + Timescale.convert(
                                        Recipe.LEAD_MILLIS - beginMillis, Timescale.MILLIS, of.timescale())),
                        out);
        if (!at.offer(bytes(out))) {
            failed();
        }
    }

    private Conversion begin(Track of, long millis) {
        beginMillis = millis;
        heard = false;
        madeAt = System.nanoTime();
        Conversion begun = new Conversion(converters, recipe, of, this::made);
        child = begun;
        ByteBuf head = Unpooled.buffer();
        begun.input().begin(head);
        begun.offer(bytes(head));
        begun.start();
        return begun;
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] all = new byte[buffer.readableBytes()];
        buffer.readBytes(all);
        return all;
    }

    /** On the child's thread. */
    private void made(Conversion of, MediaFrame borrowed) {
        int timescale = borrowed.track().timescale();
        long time = Timescale.convert(borrowed.decodeTime(), timescale, made.timescale());
        ByteBuf payload = Unpooled.copiedBuffer(borrowed.payload());
        try {
            owner.execute(() -> {
                if (!of.equals(child) || closed) {
                    return; // of a child that was given up
                }
                heard = true;
                madeAt = System.nanoTime();
                pauseNanos = FIRST_PAUSE_NANOS;
                long shift = Timescale.convert(beginMillis - Recipe.LEAD_MILLIS, Timescale.MILLIS, made.timescale());
                long at = following(time + shift, samples(payload));
                taker.accept(new MediaFrame(made, at, 0, true, payload));
            });
        } catch (RejectedExecutionException over) {
            // nobody listens any more
        }
    }

    /**
     * A frame's time, right behind the frame before it where that is what is meant: what goes in is stamped in milliseconds, and players
     * stretch the sound, and hear it, at each that is one too many or too few.
     */
    private long following(long time, int samples) {
        if (Math.abs(time - next) > JITTER) {
            next = time;
        }
        long at = next;
        next += samples;
        return at;
    }

    private int samples(ByteBuf payload) {
        return made.format() instanceof TrackFormat.Audio audio ? audio.samples(payload) : 0;
    }

    private void failed() {
        stop();
        failedAt = System.nanoTime();
        pauseNanos = heard ? FIRST_PAUSE_NANOS : Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    }

    /** What comes next does not follow from what came. */
    void stop() {
        Conversion at = child;
        child = null;
        if (at != null) {
            at.close();
        }
    }

    /** Ends it. Idempotent. */
    @Override
    public void close() {
        closed = true;
        stop();
    }
}
