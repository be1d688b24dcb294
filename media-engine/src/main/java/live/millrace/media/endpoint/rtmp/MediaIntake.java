// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.container.flv.FlvDemuxer;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.Publisher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tags of one publish session. What cannot be read or carried costs itself alone, is counted, and is named once; only a peer that
 * sends nothing else has to go. Confined to the session's event loop.
 */
final class MediaIntake implements FrameSink {
    private static final Logger LOG = LoggerFactory.getLogger(MediaIntake.class);

    /** More than this in a row within {@value #MALFORMED_WINDOW_SECONDS} s, and the encoder is broken beyond help. */
    private static final int MAX_MALFORMED = 10;

    private static final int MALFORMED_WINDOW_SECONDS = 10;

    /** A kind of media that was broken so often in a row is left out, not disturbed. */
    private static final int BROKEN_AFTER = 5;

    /** So long nothing but codecs that are not carried may come: the picture may begin later than the sound. */
    private static final long UNSUPPORTED_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** As many tags as five seconds have, for whoever sends them faster. */
    private static final int MAX_UNSUPPORTED = 500;

    /** Names in the log, for each session. */
    private static final int MAX_NAMED = 8;

    private final Publisher publisher;
    private final String peer;
    private final FlvDemuxer demuxer = new FlvDemuxer(this);
    private final Set<LeftOut> named = new HashSet<>();

    private boolean started;
    private long frames;
    private int malformedInRow;
    private long malformedSince;
    private int brokenSound;
    private int brokenPictures;
    private int unsupported;
    private long unsupportedSince;
    private @Nullable String lastUnsupported;

    /** @param peer for the log */
    MediaIntake(Publisher publisher, String peer) {
        this.publisher = publisher;
        this.peer = peer;
    }

    /**
     * Takes a tag.
     *
     * @param millis unwrapped
     * @param body borrowed
     * @return whether it, or one track of it, could be read
     */
    boolean take(boolean video, long millis, ByteBuf body) {
        started |= body.isReadable();
        long before = frames;
        boolean read = false;
        try {
            if (video) {
                demuxer.video(millis, body);
            } else {
                demuxer.audio(millis, body);
            }
            read = true;
        } catch (UnsupportedMediaException e) {
            unsupported((video ? "video" : "audio") + " codec " + e.getMessage());
            name(new LeftOut(video, String.valueOf(e.getMessage()), LeftOut.Cause.UNSUPPORTED));
        } catch (MalformedMediaException e) {
            malformed(video, String.valueOf(e.getMessage()));
        }
        if (frames > before) { // of a tag of several tracks, some may be good
            malformedInRow = 0;
            forgive(video);
            return true;
        }
        return read;
    }

    private void unsupported(String what) {
        publisher.repaired(Repair.UNSUPPORTED_TAG);
        if (unsupported++ == 0) {
            unsupportedSince = System.nanoTime();
        }
        lastUnsupported = what;
    }

    private void malformed(boolean video, String what) {
        publisher.repaired(Repair.MALFORMED_TAG);
        long now = System.nanoTime();
        if (malformedInRow == 0 || now - malformedSince > TimeUnit.SECONDS.toNanos(MALFORMED_WINDOW_SECONDS)) {
            malformedSince = now;
            malformedInRow = 0;
        }
        malformedInRow++;
        int inRow = video ? ++brokenPictures : ++brokenSound;
        if (inRow == BROKEN_AFTER) {
            name(new LeftOut(video, what, LeftOut.Cause.BROKEN));
        }
    }

    private void forgive(boolean video) {
        if (video) {
            brokenPictures = 0;
        } else {
            brokenSound = 0;
        }
    }

    private void name(LeftOut part) {
        if (named.size() < MAX_NAMED && named.add(part)) {
            LOG.info(
                    "{} from {}: {} is left out, {}: {}",
                    publisher.stream().path(),
                    peer,
                    part.video() ? "a picture" : "sound",
                    part.cause() == LeftOut.Cause.UNSUPPORTED ? "its codec is not carried" : "it is broken",
                    part.what());
            publisher.leftOut(part);
        }
    }

    /** Something came, good or bad. */
    boolean hasStarted() {
        return started;
    }

    /** Nothing comes but what cannot be read. */
    boolean isRubbish() {
        return malformedInRow > MAX_MALFORMED;
    }

    /** The codec that is not carried, when nothing else comes; null while there is hope. */
    @Nullable
    String unsupported() {
        boolean waited = unsupported >= MAX_UNSUPPORTED
                || (unsupported > 0 && System.nanoTime() - unsupportedSince > UNSUPPORTED_NANOS);
        return frames == 0 && waited ? lastUnsupported : null;
    }

    @Override
    public void track(Track track) {
        publisher.track(track);
    }

    @Override
    public void frame(MediaFrame frame) {
        frames++;
        publisher.frame(frame);
    }

    @Override
    public void repaired(Repair repair) {
        publisher.repaired(repair);
    }
}
