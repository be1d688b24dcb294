// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.sound;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.container.flv.FlvMuxer;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * The sound of one stream, made anew by one child: stereo of 48 kHz on the stream's clock. A child that does not keep up, or has ended, costs
 * sound, is killed, and followed by another after a while. Used on the stream's thread.
 */
public final class ConvertedSound implements AutoCloseable {
    /** What is made. */
    public static final Track TRACK = new Track(Track.AUDIO, new Opus.Format(OpusHead.STEREO));

    /** So that what an encoder puts before the first sample is not before the beginning of time. */
    private static final long LEAD_MILLIS = 10_000;

    /** Stamps of a transport stream go round after 26 hours: another child begins before that. */
    private static final long LONGEST_MILLIS = TimeUnit.HOURS.toMillis(20);

    /** A clock that jumps is another child's. */
    private static final long JUMP_MILLIS = 2_000;

    /** In samples: 30 ms. */
    private static final long JITTER = 1_440;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Converters converters;
    private final Executor owner;
    private final Consumer<MediaFrame> taker;

    private @Nullable Track source;
    private @Nullable Conversion child;
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

    ConvertedSound(Converters converters, Executor owner, Consumer<MediaFrame> taker) {
        this.converters = converters;
        this.owner = owner;
        this.taker = taker;
    }

    /** Whether sound can be made of such, now: there are only so many children. */
    public boolean takes(TrackFormat format) {
        return converters.take(format) && (child != null || converters.hasPlace());
    }

    /** What the next frames are of. */
    public void follow(Track track) {
        if (!track.equals(source)) {
            stop();
        }
        source = track;
    }

    /** Takes a frame, borrowed: something is made of it soon, or nothing. */
    public void frame(MediaFrame frame) {
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
            if (System.nanoTime() - failedAt < pauseNanos) {
                return;
            }
            at = begin(of, millis);
        }
        ByteBuf out = Unpooled.buffer(frame.payload().readableBytes() + 64);
        FlvMuxer.frame(
                frame.at(frame.decodeTime()
                        + Timescale.convert(LEAD_MILLIS - beginMillis, Timescale.MILLIS, of.timescale())),
                out);
        if (!at.offer(bytes(out))) {
            failed();
        }
    }

    private Conversion begin(Track of, long millis) {
        beginMillis = millis;
        heard = false;
        madeAt = System.nanoTime();
        Conversion begun = new Conversion(converters, this::made);
        child = begun;
        ByteBuf head = Unpooled.buffer();
        FlvMuxer.fileHeader(List.of(of), head);
        FlvMuxer.configuration(List.of(of), LEAD_MILLIS, head);
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
        long time = Timescale.convert(borrowed.decodeTime(), timescale, TRACK.timescale());
        ByteBuf payload = Unpooled.copiedBuffer(borrowed.payload());
        try {
            owner.execute(() -> {
                if (!of.equals(child) || closed) {
                    return; // of a child that was given up
                }
                heard = true;
                madeAt = System.nanoTime();
                pauseNanos = FIRST_PAUSE_NANOS;
                long shift = Timescale.convert(beginMillis - LEAD_MILLIS, Timescale.MILLIS, TRACK.timescale());
                taker.accept(
                        new MediaFrame(TRACK, following(time + shift, OpusHead.samples(payload)), 0, true, payload));
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

    private void failed() {
        stop();
        failedAt = System.nanoTime();
        pauseNanos = heard ? FIRST_PAUSE_NANOS : Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    }

    /** What comes next does not follow from what came. */
    public void stop() {
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
