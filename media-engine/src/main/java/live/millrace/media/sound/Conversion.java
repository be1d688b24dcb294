// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.sound;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import live.millrace.media.container.mpegts.TsDemuxer;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One child at work: a thread that hands it what waits, and one that reads what it made. Thread-safe. */
final class Conversion implements AutoCloseable {
    /** Takes what is made, on a thread of the child. */
    interface Taker {
        /** @param frame borrowed */
        void made(Conversion by, MediaFrame frame);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Conversion.class);

    /** Some seconds of sound: a child that is so far behind stands still. */
    private static final int WAITING = 256;

    private static final int READ = 4_096;

    private final Converters converters;
    private final Recipe recipe;
    private final Recipe.Input input;
    private final Taker taker;
    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(WAITING);
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread writer = Thread.ofPlatform().name("sound-in").daemon().unstarted(this::write);
    private volatile @Nullable Process child;

    Conversion(Converters converters, Recipe recipe, Track of, Taker taker) {
        this.converters = converters;
        this.recipe = recipe;
        this.input = recipe.input(of);
        this.taker = taker;
    }

    /** The words of what it is handed; confined to the thread that hands it. */
    Recipe.Input input() {
        return input;
    }

    /** Starts the child, beside whoever calls. */
    void start() {
        writer.start();
    }

    /** Whether it does nothing any more. */
    boolean isOver() {
        return over.get();
    }

    /** Hands it something; false when too much waits. */
    boolean offer(byte[] piece) {
        return waiting.offer(piece);
    }

    private void write() {
        Process begun = begin();
        if (begun == null) {
            over.set(true);
            return;
        }
        child = begun;
        if (over.get()) { // closed while it started
            begun.destroyForcibly();
            return;
        }
        Thread.ofPlatform().name("sound-out").daemon().start(() -> read(begun));
        try (OutputStream out = begun.getOutputStream()) {
            while (!over.get()) {
                out.write(waiting.take());
                if (waiting.isEmpty()) {
                    out.flush();
                }
            }
        } catch (IOException ended) {
            LOG.debug("A program that makes sound reads no more: {}", ended.getMessage());
        } catch (InterruptedException closing) {
            LOG.trace("Closed", closing);
        } finally {
            close();
        }
    }

    private @Nullable Process begin() {
        try {
            return converters.start(recipe).orElse(null);
        } catch (InterruptedException closing) {
            LOG.trace("Closed before it began", closing);
            return null;
        }
    }

    private void read(Process from) {
        TsDemuxer demuxer = new TsDemuxer(new FrameSink() {
            @Override
            public void track(Track track) {
                // known
            }

            @Override
            public void frame(MediaFrame frame) {
                taker.made(Conversion.this, frame);
            }
        });
        byte[] room = new byte[READ];
        try (InputStream in = from.getInputStream()) {
            for (int read = in.read(room); read >= 0 && !over.get(); read = in.read(room)) {
                demuxer.take(Unpooled.wrappedBuffer(room, 0, read));
            }
        } catch (IOException torn) {
            LOG.debug("A program that makes sound is gone: {}", torn.getMessage());
        } finally {
            demuxer.end();
            close();
        }
    }

    /** Kills the child. Idempotent. */
    @Override
    public void close() {
        if (over.compareAndSet(false, true)) {
            converters.busy(this);
            writer.interrupt();
        }
        Process at = child;
        if (at != null) {
            at.destroyForcibly();
        }
    }
}
